package io.histoflow.evaluation;

import io.histoflow.datasets.LabelledTile;

/**
 * What a model made of one image.
 *
 * @param id of the image
 * @param organ of the image
 * @param threshold mask threshold that was applied to it, 0..1
 * @param confusion at that threshold
 * @param curve over all thresholds
 */
public record ImageResult(
    String id, String organ, double threshold, Confusion confusion, PrecisionRecallCurve curve) {

  /**
   * Compares one image with its truth, where that says something.
   *
   * @param tile with its truth
   * @param probabilities (H, W), 0..1
   * @param threshold a pixel is positive where its probability is above it
   */
  public static ImageResult of(LabelledTile tile, float[] probabilities, double threshold) {
    return new ImageResult(
        tile.id(),
        tile.organ(),
        threshold,
        Confusion.of(probabilities, tile, threshold),
        PrecisionRecallCurve.of(probabilities, tile));
  }
}
