package io.histoflow.evaluation;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Figures over a set of images.
 *
 * @param images number of images
 * @param recall over images with positive pixels
 * @param falseNegativeRate over images with positive pixels
 * @param precision over images where something was found
 * @param dice over images with positive pixels in truth or prediction
 * @param iou over images with positive pixels in truth or prediction
 * @param micro counts over all pixels of all images
 * @param curve over all pixels of all images
 */
public record Summary(
    int images,
    Spread recall,
    Spread falseNegativeRate,
    Spread precision,
    Spread dice,
    Spread iou,
    Confusion micro,
    PrecisionRecallCurve curve) {

  /** Sums up results. */
  public static Summary of(List<ImageResult> results) {
    return new Summary(
        results.size(),
        spread(results, Confusion::recall),
        spread(results, Confusion::falseNegativeRate),
        spread(results, Confusion::precision),
        spread(results, Confusion::dice),
        spread(results, Confusion::iou),
        results.stream().map(ImageResult::confusion).reduce(Confusion.NONE, Confusion::plus),
        results.stream()
            .map(ImageResult::curve)
            .reduce(PrecisionRecallCurve.EMPTY, PrecisionRecallCurve::plus));
  }

  private static Spread spread(List<ImageResult> results, ToDoubleFunction<Confusion> figure) {
    return Spread.of(results.stream().map(ImageResult::confusion).toList(), figure);
  }
}
