package io.histoflow.segmentation.study;

/** How uncertain a tile is: the higher, the sooner a pathologist should see it. */
@FunctionalInterface
public interface TileScore {

  /**
   * Returns the score.
   *
   * @param probabilities (H, W), 0..1
   * @param width of the tile in pixels
   * @param threshold mask threshold, 0..1
   */
  double of(float[] probabilities, int width, double threshold);
}
