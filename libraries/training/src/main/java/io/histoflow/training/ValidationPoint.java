package io.histoflow.training;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the averaged weights reached on the held-out patients, as means over images; NaN where
 * undefined.
 *
 * @param step after which they were measured
 * @param threshold the mask threshold chosen recall first
 * @param recall at that threshold, 0..1
 * @param precision at that threshold, 0..1
 * @param dice at that threshold, 0..1
 * @param diceAtHalf Dice at threshold 0.5
 */
public record ValidationPoint(
    long step, double threshold, double recall, double precision, double dice, double diceAtHalf) {

  /**
   * Returns by what weights are picked: Dice, less twice what recall lacks of the least recall.
   *
   * @param leastRecall 0..1
   */
  double score(double leastRecall) {
    double lacking = Math.max(0, leastRecall - recall);
    double score = dice - 2 * lacking;
    return Double.isNaN(score) ? -1 : score;
  }

  /** Returns the defined figures by the names that checkpoints carry. */
  Map<String, Double> metrics() {
    Map<String, Double> metrics = new TreeMap<>();
    metrics.put("validation.threshold", threshold);
    metrics.put("validation.recall", recall);
    metrics.put("validation.precision", precision);
    metrics.put("validation.dice", dice);
    metrics.put("validation.diceAtHalf", diceAtHalf);
    metrics.values().removeIf(value -> value.isNaN());
    return metrics;
  }
}
