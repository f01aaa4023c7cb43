package io.histoflow.recall;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Estimated totals over all tiles, with their covariance between slides, of which recall and
 * precision are ratios. Totals of different slides add up, so those of organs, scanners and
 * versions are those of all.
 *
 * @param found estimated total of what was found
 * @param missed of what was missed
 * @param wrong of what is wrong
 * @param foundFound variance of the estimate {@code found}
 * @param foundMissed covariance
 * @param foundWrong covariance
 * @param missedMissed variance
 * @param wrongWrong variance
 * @param slides that they rest on
 */
public record Totals(
    double found,
    double missed,
    double wrong,
    double foundFound,
    double foundMissed,
    double foundWrong,
    double missedMissed,
    double wrongWrong,
    int slides) {
  private static final double TAIL = 0.025;

  /** Returns the totals of both, of different slides. */
  public Totals plus(Totals other) {
    return new Totals(
        found + other.found,
        missed + other.missed,
        wrong + other.wrong,
        foundFound + other.foundFound,
        foundMissed + other.foundMissed,
        foundWrong + other.foundWrong,
        missedMissed + other.missedMissed,
        wrongWrong + other.wrongWrong,
        slides + other.slides);
  }

  /** Returns the share of the truth that is found. */
  public Ratio recall() {
    return ratio(found, missed, foundFound, foundMissed, missedMissed);
  }

  /** Returns the share of what is found that is true. */
  public Ratio precision() {
    return ratio(found, wrong, foundFound, foundWrong, wrongWrong);
  }

  /**
   * The ratio R = a / (a + b) and its 95 % interval. Linearised (Taylor), as Saerndal, Swensson and
   * Wretman, "Model Assisted Survey Sampling", 1992, section 5.6: a - R (a + b) = (1 - R) a - R b,
   * so
   *
   * <pre>Var R = ((1 - R)^2 Var a - 2 R (1 - R) Cov(a, b) + R^2 Var b) / (a + b)^2</pre>
   *
   * The interval is that of log(R / (1 - R)), whose standard error is that of R by R (1 - R), with
   * Student's t for one degree of freedom less than slides: it stays within 0 and 1. Where nothing
   * is missed, or the slides are fewer than two, there is no variance to see: then the interval is
   * 0 to 1, which is all that is known.
   */
  private Ratio ratio(double a, double b, double varA, double covariance, double varB) {
    double whole = a + b;
    if (!(whole > 0)) {
      return Ratio.UNKNOWN;
    }
    double value = a / whole;
    double variance =
        ((1 - value) * (1 - value) * varA
                - 2 * value * (1 - value) * covariance
                + value * value * varB)
            / (whole * whole);
    double error = Math.sqrt(Math.max(0, variance));
    if (slides < 2 || !(error > 0) || value <= 0 || value >= 1) {
      return new Ratio(value, 0, 1, error);
    }
    double logit = Math.log(value / (1 - value));
    double margin =
        TDistribution.of(slides - 1).inverseSurvivalProbability(TAIL)
            * error
            / (value * (1 - value));
    return new Ratio(value, expit(logit - margin), expit(logit + margin), error);
  }

  private static double expit(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }
}
