package io.histoflow.scanning;

import java.nio.file.Path;

/**
 * A file of which something could not be published.
 *
 * @param file the file or folder
 * @param reason one sentence
 */
public record ScanFailure(Path file, String reason) {}
