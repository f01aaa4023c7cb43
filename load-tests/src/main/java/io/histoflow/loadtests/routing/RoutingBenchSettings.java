package io.histoflow.loadtests.routing;

import io.histoflow.loadtests.measuring.Ranges;
import io.histoflow.schemas.Topics;

/**
 * What {@link RoutingBench} simulates.
 *
 * @param tiles tiles of all organs together, 1,000 or more
 * @param organs organs, 1 to 1,000; every fifth one is on a scanner that does not change
 * @param partitions partitions of the segmentations, 1 to 64, each with a router of its own
 * @param budget share of each organ's tiles that may go to review, above 0 and below 1
 * @param referenceTiles first tiles of an organ that are the reference of its drift alarm
 * @param driftWindowTiles tiles after them that are compared with it at a time
 * @param seed seed of the scores
 */
public record RoutingBenchSettings(
    int tiles,
    int organs,
    int partitions,
    double budget,
    int referenceTiles,
    int driftWindowTiles,
    long seed) {

  private static final int MOST_PARTITIONS = 64;

  /** Checks the ranges. */
  public RoutingBenchSettings {
    Ranges.require(tiles >= 1_000, "tiles is " + tiles + " but must be 1000 or more.");
    Ranges.require("organs", organs, 1, 1_000);
    Ranges.require("partitions", partitions, 1, MOST_PARTITIONS);
    Ranges.require(
        budget > 0 && budget < 1, "budget is " + budget + " but must be above 0 and below 1.");
  }

  /**
   * Returns what {@code bench routing} simulates when it is told nothing: as many partitions as in
   * production.
   */
  public static RoutingBenchSettings defaults() {
    return new RoutingBenchSettings(
        200_000, 30, Topics.TILES_SEGMENTED.partitions(), 0.1, 1_000, 250, 1);
  }
}
