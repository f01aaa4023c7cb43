package io.histoflow.evaluation;

import java.util.OptionalDouble;

/**
 * Two models at one operating point: fine-tuning moves probabilities up or down as a whole, so that
 * recall at a fixed threshold says nothing; recall at the same precision does.
 *
 * @param matchedPrecision precision of the first model at its own threshold, 0..1
 * @param recallBefore recall of the first model at that precision, 0..1
 * @param recallAfter recall of the second model at that precision, 0..1; 0 where it never reaches
 *     that precision
 * @param thresholdAfter threshold at which the second model has that precision, 0..1; NaN where it
 *     never reaches it
 */
public record MatchedComparison(
    double matchedPrecision, double recallBefore, double recallAfter, double thresholdAfter) {

  /**
   * Compares two models on the same pixels.
   *
   * @param before curve of the first model
   * @param thresholdBefore its mask threshold, 0..1
   * @param after curve of the second model
   * @return empty figures as NaN where the truth or the first model's mask has no positive pixel
   */
  public static MatchedComparison of(
      PrecisionRecallCurve before, double thresholdBefore, PrecisionRecallCurve after) {
    double precision = before.at(thresholdBefore).precision();
    if (Double.isNaN(precision) || before.positivePixels() == 0) {
      return new MatchedComparison(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }
    OptionalDouble threshold = after.thresholdAtPrecision(precision);
    return new MatchedComparison(
        precision,
        before.recallAtPrecision(precision).orElse(0),
        after.recallAtPrecision(precision).orElse(0),
        threshold.orElse(Double.NaN));
  }

  /** Recall won, -1..1. */
  public double recallGain() {
    return recallAfter - recallBefore;
  }
}
