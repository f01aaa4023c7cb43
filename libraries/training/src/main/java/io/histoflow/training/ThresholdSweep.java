package io.histoflow.training;

import io.histoflow.evaluation.OperatingPoint;
import io.histoflow.evaluation.PrecisionRecallCurve;
import java.util.List;

/** Chooses the mask threshold of weights that are still being trained. */
final class ThresholdSweep {

  private ThresholdSweep() {}

  /**
   * Chooses recall first: of 0.05, 0.06, ... 0.95 those whose mean recall reaches the least recall,
   * and of them the one of the highest mean Dice; where none reaches it, the one of the highest
   * mean F2, which counts recall four times.
   *
   * @param images the curves of images with known masks
   */
  static OperatingPoint recallFirst(List<PrecisionRecallCurve> images, double leastRecall) {
    OperatingPoint best = null;
    OperatingPoint fallback = null;
    for (int percent = 5; percent <= 95; percent++) {
      OperatingPoint point = OperatingPoint.of(images, percent / 100.0);
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
