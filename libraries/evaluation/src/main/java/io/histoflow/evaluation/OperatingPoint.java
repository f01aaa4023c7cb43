package io.histoflow.evaluation;

import java.util.List;
import java.util.Optional;

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

  private static final int THOUSANDTHS = 1000;

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

  /**
   * Applies to every image the highest threshold of 0.001, 0.002, ... 0.999 at which mean recall is
   * still as high as wanted, so that models are compared where they miss equally much.
   *
   * @param recall 0..1
   * @return nothing where no threshold reaches it
   */
  public static Optional<OperatingPoint> atRecall(
      List<PrecisionRecallCurve> images, double recall) {
    Optional<OperatingPoint> found = Optional.empty();
    int reaches = 1;
    int fails = THOUSANDTHS;
    // A mask shrinks as its threshold rises, and so does recall.
    while (reaches < fails) {
      int middle = (reaches + fails) / 2;
      OperatingPoint point = of(images, (double) middle / THOUSANDTHS);
      if (point.recall() >= recall) {
        found = Optional.of(point);
        reaches = middle + 1;
      } else {
        fails = middle;
      }
    }
    return found;
  }
}
