package io.histoflow.inference;

import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import java.util.Optional;

/**
 * A tile with its pixels at the model's resolution: all that is found in them is told there.
 *
 * @param tile what the scanner published
 * @param image its image, in the model's pixels
 * @param ink its pixels that show pen ink; empty where there are none
 * @param background whether it holds no tissue, so that the network need not see it
 */
record DecodedTile(ScannedTile tile, RgbImage image, Optional<Mask> ink, boolean background) {}
