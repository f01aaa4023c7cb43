package io.histoflow.segmentation.evaluation;

import java.util.List;

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

  /** Applies one threshold, 0..1, to every image, each given by its curve. */
  public static OperatingPoint of(List<PrecisionRecallCurve> images, double threshold) {
    List<Confusion> counts = images.stream().map(image -> image.at(threshold)).toList();
    return new OperatingPoint(
        threshold,
        Spread.of(counts, Confusion::recall).mean(),
        Spread.of(counts, Confusion::precision).mean(),
        Spread.of(counts, Confusion::dice).mean(),
        Spread.of(counts, Confusion::iou).mean(),
        Spread.of(counts, Confusion::f2).mean(),
        counts.stream().reduce(Confusion.NONE, Confusion::plus));
  }
}
