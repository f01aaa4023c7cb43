package io.histoflow.recall;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * How many audited tiles an interval of a given precision takes.
 *
 * <p>The variance of an estimate falls with the number n of tiles that chance drew and somebody
 * read: error^2 = v / n. So n = v (z / precision)^2 with z = 1.96. The variance of one tile is that
 * seen, or where too little was seen that of a share {@code recall} by the design effect of tiles
 * that are alike within slides: v = recall (1 - recall) deff (Kish, "Survey Sampling", 1965,
 * section 8.2).
 *
 * @param variancePerTile v, above 0
 */
public record AuditPlan(double variancePerTile) {
  /** Where nothing was seen: a recall of 0.9, and tiles of slides that are alike. */
  public static final AuditPlan PRIOR = new AuditPlan(0.9 * 0.1 * 2);

  /**
   * Fewest audited tiles of an organ from which a 95 % interval holds about as often as it says,
   * however narrow it is. With fewer the misses of tiles that were not drawn are missing from the
   * variance as well. On real tiles of one organ ({@code bench audit}, brain-glioma) 79 % of the
   * intervals from 5 tiles hold, 93 % of those from 20 and 95 % of those from 30.
   */
  public static final long FEWEST_TILES = 30;

  /**
   * The same of several organs together, which differ more than the tiles of one: of 23 organs
   * (NuInsSeg) 70 % of the intervals from 5 tiles hold, 88 % of those from 30 and 95 % of those
   * from 100.
   */
  public static final long FEWEST_TILES_OF_SEVERAL = 100;

  /** Checks the variance. */
  public AuditPlan {
    if (!(variancePerTile > 0)) {
      throw new IllegalArgumentException(
          "The variance is " + variancePerTile + ", must be above 0");
    }
  }

  /**
   * Returns the plan by what was seen.
   *
   * @param recall the estimate; the prior holds where it is not known or has no error
   * @param tiles tiles that chance drew and somebody read
   */
  public static AuditPlan seen(Ratio recall, long tiles) {
    return tiles > 1 && recall.error() > 0
        ? new AuditPlan(recall.error() * recall.error() * tiles)
        : PRIOR;
  }

  /**
   * Returns how many tiles have to be drawn and read.
   *
   * @param precision half the width of the 95 % interval, above 0
   */
  public long tiles(double precision) {
    if (!(precision > 0 && precision < 1)) {
      throw new IllegalArgumentException(
          "The precision is " + precision + ", must be above 0 and below 1");
    }
    double z = NormalDistribution.of(0, 1).inverseSurvivalProbability(0.025);
    return (long) Math.ceil(variancePerTile * z * z / (precision * precision));
  }
}
