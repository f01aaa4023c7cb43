package io.histoflow.segmentation.thresholds;

/**
 * Conformal risk control of the false-negative rate (Angelopoulos, Bates, Fisch, Lei and Schuster,
 * "Conformal Risk Control", ICLR 2024): the largest mask threshold t for which
 *
 * <pre>n / (n + 1) * meanFNR(t) + 1 / (n + 1) &lt;= level</pre>
 *
 * over n calibration units. A unit is one image, or one corrected tile, with at least one positive
 * pixel; its false-negative rate is at most 1 and never rises as t falls, which is all that the
 * rule asks of it. The term 1 / (n + 1) is the worst that the next unit can bring.
 *
 * <p><b>Guaranteed:</b> where the calibration units and the next unit are exchangeable, and the
 * model has learned from none of them, the expected false-negative rate of the next unit is at most
 * the level. The expectation is over the calibration units and the next unit together.
 *
 * <p><b>Not guaranteed:</b> anything of one image, one patient or one calibration that came out
 * badly; anything of a part of the data, such as an organ, a scanner or a laboratory, unless the
 * units are all of that part; anything after the data have drifted. Tiles of one patient are alike,
 * so that many tiles of few patients are worth fewer units than they count. Nothing is said of
 * precision.
 *
 * @param level highest expected false-negative rate, above 0 and below 1
 */
public record RiskControl(double level) {

  /**
   * The level unless another is asked for or the model has one ({@link MaskThresholds#control}): an
   * expected recall of at least 0.92.
   */
  public static final double STANDARD_LEVEL = 0.08;

  /** What holds exactly must not fail by the rounding of a sum. */
  private static final double ROUNDING = 1e-12;

  /** Checks the level. */
  public RiskControl {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "the highest expected false-negative rate must be above 0 and below 1, not " + level);
    }
  }

  /**
   * Returns the fewest units on which the rule can hold at all, ceil(1 / level) - 1: with fewer,
   * the next unit alone may exceed the level.
   */
  public int fewestUnits() {
    return (int) Math.max(1, Math.ceil(1 / (level + ROUNDING)) - 1);
  }

  /** Tells whether the rule holds for so many units of this mean false-negative rate. */
  public boolean holds(int units, double falseNegativeRate) {
    return (units * falseNegativeRate + 1) / (units + 1) <= level + ROUNDING;
  }
}
