package io.histoflow.inference;

import io.histoflow.imaging.RgbImage;

/**
 * A tile with its pixels.
 *
 * @param tile what the scanner published
 * @param image its image, of the size that the record declares
 * @param background whether it holds no tissue, so that the network need not see it
 */
record DecodedTile(ScannedTile tile, RgbImage image, boolean background) {}
