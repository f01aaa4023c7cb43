package io.histoflow.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How much recall a second model wins at the first one's precision, with a 95 % interval.
 *
 * @param change of recall over all pixels, -1..1; NaN where it cannot be measured
 * @param low 2.5 % point of the bootstrap
 * @param high 97.5 % point of the bootstrap
 */
public record MatchedChange(double change, double low, double high) {

  private static final int ROUNDS = 500;

  /**
   * Estimates it by the percentiles of a paired bootstrap (Efron, 1979): tiles are drawn with
   * replacement, the same ones for both models, and each draw has an operating point of its own.
   *
   * @param before the first model on each tile
   * @param thresholdBefore its mask threshold, 0..1
   * @param after the second model on the same tiles, in the same order
   * @param seed the same curves and seed give the same interval
   * @return NaN for all where no draw can be measured
   */
  public static MatchedChange of(
      List<PrecisionRecallCurve> before,
      double thresholdBefore,
      List<PrecisionRecallCurve> after,
      long seed) {
    if (before.size() != after.size()) {
      throw new IllegalArgumentException(
          "two models are compared on the same tiles, not on %d and %d"
              .formatted(before.size(), after.size()));
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] changes = new double[ROUNDS];
    int measured = 0;
    for (int round = 0; round < ROUNDS; round++) {
      PrecisionRecallCurve drawnBefore = PrecisionRecallCurve.EMPTY;
      PrecisionRecallCurve drawnAfter = PrecisionRecallCurve.EMPTY;
      for (int draw = 0; draw < before.size(); draw++) {
        int tile = random.nextInt(before.size());
        drawnBefore = drawnBefore.plus(before.get(tile));
        drawnAfter = drawnAfter.plus(after.get(tile));
      }
      double change = change(drawnBefore, thresholdBefore, drawnAfter);
      if (!Double.isNaN(change)) {
        changes[measured++] = change;
      }
    }
    double whole = change(sum(before), thresholdBefore, sum(after));
    if (measured == 0) {
      return new MatchedChange(whole, Double.NaN, Double.NaN);
    }
    double[] sorted = Arrays.copyOf(changes, measured);
    Arrays.sort(sorted);
    return new MatchedChange(
        whole,
        sorted[(int) (0.025 * measured)],
        sorted[Math.max(0, (int) Math.ceil(0.975 * measured) - 1)]);
  }

  private static double change(
      PrecisionRecallCurve before, double threshold, PrecisionRecallCurve after) {
    return MatchedComparison.of(before, threshold, after).recallGain();
  }

  private static PrecisionRecallCurve sum(List<PrecisionRecallCurve> curves) {
    return curves.stream().reduce(PrecisionRecallCurve.EMPTY, PrecisionRecallCurve::plus);
  }
}
