package io.histoflow.segmentation.inference;

import io.histoflow.imaging.RgbImage;

/** Anything that gives each pixel of an image a probability. */
@FunctionalInterface
public interface TileSegmenter {

  /**
   * Segments one image.
   *
   * @param image of any size
   * @param organ as the data set names it
   * @return probabilities (H, W), 0..1
   */
  float[] probabilities(RgbImage image, String organ);
}
