package io.histoflow.topology;

import java.time.Duration;
import java.util.Objects;

/**
 * What an operator decides about routing and slide reports.
 *
 * @param budget share of each organ's tiles that may go to review, 0..1
 * @param coldStartTiles scores of an organ that must be known before its own distribution sets the
 *     threshold, 1 or more
 * @param coldStartThreshold routing score above which a tile goes to review until then
 * @param windowTiles latest scores of an organ that its threshold rests on, 2 or more; older ones
 *     are forgotten, so at least half as many count
 * @param summaryInterval longest time for which scores wait before they count for the threshold
 * @param reportTimeout time without a new tile or manifest after which an unfinished slide is
 *     reported as INCOMPLETE
 * @param reportUpdateDelay time for which changes to a reported slide are collected before it is
 *     reported again
 */
public record RoutingSettings(
    double budget,
    int coldStartTiles,
    double coldStartThreshold,
    int windowTiles,
    Duration summaryInterval,
    Duration reportTimeout,
    Duration reportUpdateDelay) {

  public RoutingSettings {
    require(budget >= 0 && budget <= 1, "budget is " + budget + ", must be 0..1");
    require(coldStartTiles >= 1, "coldStartTiles is " + coldStartTiles + ", must be 1 or more");
    require(
        Double.isFinite(coldStartThreshold),
        "coldStartThreshold is " + coldStartThreshold + ", must be a finite number");
    require(windowTiles >= 2, "windowTiles is " + windowTiles + ", must be 2 or more");
    require(
        windowTiles / 2 >= coldStartTiles,
        "windowTiles is "
            + windowTiles
            + ", must be at least twice coldStartTiles ("
            + coldStartTiles
            + ")");
    positive(summaryInterval, "summaryInterval");
    positive(reportTimeout, "reportTimeout");
    positive(reportUpdateDelay, "reportUpdateDelay");
  }

  /**
   * Returns a budget of 10 % and times for a running laboratory. The cold-start threshold is for
   * the positive entropy, the default routing score: with an earlier light model 43 % of the tiles
   * of 256 x 256 pixels of its held-out images lie above it and 7 % of those of brain-glioma. The
   * budget's account holds as well, so a threshold that fits badly costs the right choice among the
   * first tiles, not the budget.
   */
  public static RoutingSettings defaults() {
    return new RoutingSettings(
        0.1, 30, 0.1, 1_000, Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofSeconds(2));
  }

  /** Returns these settings with another budget. */
  public RoutingSettings withBudget(double share) {
    return new RoutingSettings(
        share,
        coldStartTiles,
        coldStartThreshold,
        windowTiles,
        summaryInterval,
        reportTimeout,
        reportUpdateDelay);
  }

  private static void positive(Duration duration, String name) {
    Objects.requireNonNull(duration, name);
    require(
        !duration.isNegative() && duration.toMillis() > 0,
        name + " is " + duration + ", must be 1 ms or more");
  }

  private static void require(boolean holds, String sentence) {
    if (!holds) {
      throw new IllegalArgumentException(sentence);
    }
  }
}
