package io.histoflow.topology.routing;

import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.util.Objects;

/**
 * What an operator decides about routing.
 *
 * @param budget share of each organ's tiles that may go to review, 0..1
 * @param coldStartTiles scores of an organ that must be known before its own distribution sets the
 *     threshold, 1 or more
 * @param coldStartThreshold routing score above which a tile goes to review until then
 * @param windowTiles latest scores of an organ that its threshold rests on, 2 or more; older ones
 *     are forgotten, so at least half as many count
 * @param floor routing score from which a tile always goes to review, whatever budget and capacity
 *     say; infinity where there is none
 * @param capacityPerHour alerts in any hour over all organs that reviewers can take; 0 where there
 *     is no limit, else at least 1 for each partition of the segmentations
 * @param inkFraction share of a tile's pixels from which pen ink sends it to review, 0..1; 0 where
 *     ink does not
 * @param summaryInterval longest time for which scores wait before they count for the threshold
 * @param audit which tiles chance sends to review
 */
public record RoutingSettings(
    double budget,
    int coldStartTiles,
    double coldStartThreshold,
    int windowTiles,
    double floor,
    int capacityPerHour,
    double inkFraction,
    Duration summaryInterval,
    AuditSettings audit) {

  /** Value of {@code floor} where there is none. */
  public static final double NO_FLOOR = Double.POSITIVE_INFINITY;

  /** Value of {@code capacityPerHour} where there is no limit. */
  public static final int NO_LIMIT = 0;

  private static final int PARTITIONS = Topics.TILES_SEGMENTED.partitions();

  /** Checks the ranges. */
  public RoutingSettings {
    require(budget >= 0 && budget <= 1, "budget is " + budget + ", must be 0..1");
    require(coldStartTiles >= 1, "coldStartTiles is " + coldStartTiles + ", must be 1 or more");
    require(
        Double.isFinite(coldStartThreshold),
        "coldStartThreshold is " + coldStartThreshold + ", must be a finite number");
    require(windowTiles >= 2, "windowTiles is " + windowTiles + ", must be 2 or more");
    require(
        windowTiles / 2 >= coldStartTiles,
        "windowTiles is %d, must be at least twice coldStartTiles (%d)"
            .formatted(windowTiles, coldStartTiles));
    require(!Double.isNaN(floor), "floor is " + floor + ", must be a number");
    require(
        capacityPerHour == NO_LIMIT || capacityPerHour >= PARTITIONS,
        "capacityPerHour is %d, must be %d (no limit) or at least %d, one for each partition"
            .formatted(capacityPerHour, NO_LIMIT, PARTITIONS));
    require(
        inkFraction >= 0 && inkFraction <= 1, "inkFraction is " + inkFraction + ", must be 0..1");
    Objects.requireNonNull(summaryInterval, "summaryInterval");
    require(
        !summaryInterval.isNegative() && summaryInterval.toMillis() > 0,
        "summaryInterval is " + summaryInterval + ", must be 1 ms or more");
    Objects.requireNonNull(audit, "audit");
  }

  /**
   * Returns a budget of 10 % and times for a running laboratory. The cold-start threshold is
   * calibrated for stain and missed share, the default routing score, and a budget of 10 %: of 628
   * tiles of 256 x 256 pixels of MoNuSeg-train and TNBC, each segmented by a model that has not
   * seen its patient, a tenth reach 0.0196; of 408 tiles of brain-glioma, an organ that the model
   * that ships never saw, 0.0184 ({@code study routing}). The budget's account holds as well, so a
   * threshold that fits badly costs the right choice among the first tiles, not the budget. Chance
   * draws nothing: that takes a key.
   */
  public static RoutingSettings defaults() {
    return new RoutingSettings(
        0.1, 30, 0.02, 1_000, NO_FLOOR, NO_LIMIT, 0.01, Duration.ofSeconds(1), AuditSettings.NONE);
  }

  /** Returns these settings with another budget. */
  public RoutingSettings withBudget(double share) {
    return new RoutingSettings(
        share,
        coldStartTiles,
        coldStartThreshold,
        windowTiles,
        floor,
        capacityPerHour,
        inkFraction,
        summaryInterval,
        audit);
  }

  /** Returns these settings with another audit. */
  public RoutingSettings withAudit(AuditSettings other) {
    return new RoutingSettings(
        budget,
        coldStartTiles,
        coldStartThreshold,
        windowTiles,
        floor,
        capacityPerHour,
        inkFraction,
        summaryInterval,
        other);
  }

  /** Returns the probability with which chance alone sends a tile with tissue to review. */
  public double auditProbability() {
    return budget * audit.share();
  }

  /**
   * Returns the share of tiles that scores may send to review, so that with those that chance draws
   * besides it is the budget.
   */
  double shareByScore() {
    double drawn = auditProbability();
    return drawn == 0 ? budget : Math.max(0, budget - drawn) / (1 - drawn);
  }

  /**
   * Returns the share of the capacity that the router of one partition has: all shares together are
   * the capacity, and no router needs to ask another.
   *
   * @param partition partition of the segmentations, 0 or more
   * @return alerts an hour; as good as unlimited where there is no limit
   */
  int capacityOf(int partition) {
    if (capacityPerHour == NO_LIMIT) {
      return Integer.MAX_VALUE;
    }
    return capacityPerHour / PARTITIONS + (partition < capacityPerHour % PARTITIONS ? 1 : 0);
  }

  /** Says whether a tile shows so much pen ink that a reviewer should see it. */
  boolean isInky(TileSegmented tile) {
    return inkFraction > 0 && tile.getInkFraction() != null && tile.getInkFraction() >= inkFraction;
  }

  private static void require(boolean holds, String sentence) {
    if (!holds) {
      throw new IllegalArgumentException(sentence);
    }
  }
}
