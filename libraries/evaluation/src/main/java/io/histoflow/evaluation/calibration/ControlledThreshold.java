package io.histoflow.evaluation.calibration;

import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.segmentation.thresholds.RiskControl;
import java.util.List;
import java.util.OptionalDouble;

/** Finds the largest mask threshold at which {@link RiskControl} holds. */
public final class ControlledThreshold {
  private ControlledThreshold() {}

  /**
   * Chooses the threshold.
   *
   * @param control the rule
   * @param units curves of the calibration units
   * @return the largest threshold, in thousandths, at which the rule holds; empty where it holds at
   *     none: there are too few units, or too many positive pixels have probability 0
   * @throws IllegalArgumentException where a unit has no positive pixel
   */
  public static OptionalDouble threshold(RiskControl control, List<PrecisionRecallCurve> units) {
    if (units.size() < control.fewestUnits() || !holds(control, units, 0)) {
      return OptionalDouble.empty();
    }
    // The rate never falls as the threshold rises, so what holds and what fails part only once.
    int holding = 0;
    int failing = PrecisionRecallCurve.STEPS + 1;
    while (failing - holding > 1) {
      int middle = (holding + failing) / 2;
      if (holds(control, units, middle)) {
        holding = middle;
      } else {
        failing = middle;
      }
    }
    return OptionalDouble.of((double) holding / PrecisionRecallCurve.STEPS);
  }

  /**
   * Returns the mean over units of the false-negative rate at a threshold.
   *
   * @param units at least one
   * @param threshold 0..1, rounded to thousandths
   * @throws IllegalArgumentException where a unit has no positive pixel
   */
  public static double falseNegativeRate(List<PrecisionRecallCurve> units, double threshold) {
    double sum = 0;
    for (PrecisionRecallCurve unit : units) {
      double rate = unit.at(threshold).falseNegativeRate();
      if (Double.isNaN(rate)) {
        throw new IllegalArgumentException(
            "an image without a positive pixel has no false-negative rate to be controlled");
      }
      sum += rate;
    }
    return sum / units.size();
  }

  private static boolean holds(
      RiskControl control, List<PrecisionRecallCurve> units, int thousandths) {
    double threshold = (double) thousandths / PrecisionRecallCurve.STEPS;
    return control.holds(units.size(), falseNegativeRate(units, threshold));
  }
}
