package io.histoflow.recall;

/**
 * An interval for the mean of values 0..1 that holds at all times together: however often one
 * looks, the mean lies outside it at any time with a probability of at most {@code alpha}. The
 * predictable plug-in empirical-Bernstein sequence of Waudby-Smith and Ramdas, "Estimating means of
 * bounded random variables by betting", JRSS B 86 (2024), theorem 2:
 *
 * <pre>
 * sum(l_i x_i) / sum(l_i) +- (log(2 / alpha) + sum(v_i psi(l_i))) / sum(l_i)
 * v_i = 4 (x_i - m_(i-1))^2,  psi(l) = (-log(1 - l) - l) / 4
 * l_t = min(1/2, sqrt(2 log(2 / alpha) / (s2_(t-1) t log(1 + t))))
 * m_t = (1/2 + sum(x_i)) / (t + 1),  s2_t = (1/4 + sum((x_i - m_i)^2)) / (t + 1)
 * </pre>
 *
 * and the intersection of all so far. Assumed: each value has the same mean given those before it.
 * That holds for slides of which chance drew the tiles, one value a slide; tiles of a slide are
 * alike and must not be added one by one.
 */
public final class ConfidenceSequence {
  private final double logTwoByAlpha;
  private double weights;
  private double weighted;
  private double penalty;
  private double sum;
  private double squares;
  private int count;
  private double low;
  private double high = 1;

  /**
   * @param alpha probability of ever missing the mean, above 0 and below 1
   */
  public ConfidenceSequence(double alpha) {
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("alpha is " + alpha + ", must be above 0 and below 1");
    }
    logTwoByAlpha = Math.log(2 / alpha);
  }

  /**
   * Goes on from what another one knew.
   *
   * @param state of one with the same alpha, as {@link #state} returns it
   */
  public ConfidenceSequence(double alpha, double[] state) {
    this(alpha);
    weights = state[0];
    weighted = state[1];
    penalty = state[2];
    sum = state[3];
    squares = state[4];
    count = (int) state[5];
    low = state[6];
    high = state[7];
  }

  /** Returns all that it knows. */
  public double[] state() {
    return new double[] {weights, weighted, penalty, sum, squares, count, low, high};
  }

  /** Adds a value, 0..1. */
  public void add(double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("The value is " + value + ", must be 0..1");
    }
    int t = count + 1;
    double meanBefore = (0.5 + sum) / t;
    double varianceBefore = (0.25 + squares) / t;
    double weight =
        Math.min(0.5, Math.sqrt(2 * logTwoByAlpha / (varianceBefore * t * Math.log1p(t))));
    weights += weight;
    weighted += weight * value;
    double off = value - meanBefore;
    penalty += off * off * (-Math.log1p(-weight) - weight);
    sum += value;
    count = t;
    double mean = (0.5 + sum) / (t + 1);
    squares += (value - mean) * (value - mean);
    double margin = (logTwoByAlpha + penalty) / weights;
    low = Math.max(low, weighted / weights - margin);
    high = Math.min(high, weighted / weights + margin);
  }

  /** Returns the lower end; may exceed the upper one where the assumption does not hold. */
  public double low() {
    return low;
  }

  /** Returns the upper end. */
  public double high() {
    return high;
  }

  /** Returns the mean of the values; NaN without any. */
  public double mean() {
    return sum / count;
  }

  /** Returns the number of values. */
  public int count() {
    return count;
  }
}
