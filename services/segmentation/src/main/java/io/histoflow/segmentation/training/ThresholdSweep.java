package io.histoflow.segmentation.training;

import io.histoflow.segmentation.evaluation.Confusion;
import io.histoflow.segmentation.evaluation.PrecisionRecallCurve;
import io.histoflow.segmentation.evaluation.Spread;
import java.util.ArrayList;
import java.util.List;

/**
 * Recall, precision and Dice, averaged over images, at any threshold. An image for which a figure
 * is undefined is left out of its mean.
 */
final class ThresholdSweep {

  private final List<PrecisionRecallCurve> images = new ArrayList<>();

  /** Means over images at a threshold; NaN where undefined for every image. */
  record Point(double threshold, double recall, double precision, double dice) {

    private double f2() {
      double divisor = 4 * precision + recall;
      return divisor > 0 ? 5 * precision * recall / divisor : 0;
    }
  }

  /** Adds an image. */
  void add(PrecisionRecallCurve image) {
    images.add(image);
  }

  /** Returns the means at the threshold. */
  Point at(double threshold) {
    List<Confusion> counts = images.stream().map(image -> image.at(threshold)).toList();
    return new Point(
        threshold,
        Spread.of(counts, Confusion::recall).mean(),
        Spread.of(counts, Confusion::precision).mean(),
        Spread.of(counts, Confusion::dice).mean());
  }

  /**
   * Chooses the mask threshold, recall first: of 0.05, 0.06, ... 0.95 those whose mean recall
   * reaches the least recall, and of them the one of the highest mean Dice; where none reaches it,
   * the one of the highest F2, which counts recall four times.
   */
  Point recallFirst(double leastRecall) {
    Point best = null;
    Point fallback = null;
    for (int percent = 5; percent <= 95; percent++) {
      Point point = at(percent / 100.0);
      if (point.recall() >= leastRecall && (best == null || point.dice() > best.dice())) {
        best = point;
      }
      if (fallback == null || point.f2() > fallback.f2()) {
        fallback = point;
      }
    }
    return best == null ? fallback : best;
  }
}
