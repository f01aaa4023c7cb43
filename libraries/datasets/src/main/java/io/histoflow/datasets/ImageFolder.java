package io.histoflow.datasets;

import java.nio.file.Path;

/**
 * The images of one organ.
 *
 * @param organ in lower case, as the folder above names it
 * @param images the folder that holds the image files
 */
public record ImageFolder(String organ, Path images) {}
