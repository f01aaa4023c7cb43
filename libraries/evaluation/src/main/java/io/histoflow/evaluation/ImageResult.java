package io.histoflow.evaluation;

import io.histoflow.imaging.Mask;

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
   * Compares one image with its truth.
   *
   * @param probabilities (H, W), 0..1
   * @param truth of the same size
   * @param threshold a pixel is positive where its probability is above it
   */
  public static ImageResult of(
      String id, String organ, float[] probabilities, Mask truth, double threshold) {
    return new ImageResult(
        id,
        organ,
        threshold,
        Confusion.of(probabilities, truth, threshold),
        PrecisionRecallCurve.of(probabilities, truth));
  }
}
