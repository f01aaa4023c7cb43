package io.histoflow.recall;

/**
 * An estimated share with its 95 % interval, for one look at one time.
 *
 * @param value 0..1; NaN where nothing is known
 * @param low lower end
 * @param high upper end
 * @param error standard error
 */
public record Ratio(double value, double low, double high, double error) {
  /** Nothing to divide by. */
  public static final Ratio UNKNOWN = new Ratio(Double.NaN, 0, 1, Double.NaN);

  /** Says whether there is an estimate at all. */
  public boolean known() {
    return !Double.isNaN(value);
  }
}
