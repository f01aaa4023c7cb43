package io.histoflow.segmentation.evaluation;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one threshold gives over a set of images. A mean leaves out images for which its figure is
 * undefined, and is NaN where that is all of them.
 *
 * @param threshold 0..1, in thousandths
 * @param recall mean over images
 * @param precision mean over images
 * @param dice mean over images
 * @param iou mean over images
 * @param f2 mean over images of the F score that weighs recall four times as precision
 * @param micro counts over all pixels of all images
 */
public record OperatingPoint(
    double threshold,
    double recall,
    double precision,
    double dice,
    double iou,
    double f2,
    Confusion micro) {

  /** Applies one threshold, 0..1, to every image. */
  public static OperatingPoint of(List<ImageResult> results, double threshold) {
    List<Confusion> counts = results.stream().map(r -> r.curve().at(threshold)).toList();
    return new OperatingPoint(
        threshold,
        mean(counts, Confusion::recall),
        mean(counts, Confusion::precision),
        mean(counts, Confusion::dice),
        mean(counts, Confusion::iou),
        mean(counts, Confusion::f2),
        counts.stream().reduce(Confusion.NONE, Confusion::plus));
  }

  private static double mean(List<Confusion> counts, ToDoubleFunction<Confusion> figure) {
    return Spread.of(counts.stream().mapToDouble(figure).toArray()).mean();
  }
}
