package io.histoflow.loadtests.topology;

import io.histoflow.loadtests.measuring.Ranges;

/**
 * What {@link TopologyBench} measures.
 *
 * @param tiles segmented tiles that each topology reads in each round, 1,000 or more
 * @param tilesPerSlide tiles of a slide, 1 or more
 * @param organs number of organs, 1 to 1,000
 * @param maskBytes size of a tile's mask and entropy map together, 0 to 1,000,000
 * @param rounds how often the topologies take turns, after one round that warms up; medians are
 *     reported
 * @param seed of the scores
 */
public record TopologyBenchSettings(
    int tiles, int tilesPerSlide, int organs, int maskBytes, int rounds, long seed) {

  /** Checks the ranges. */
  public TopologyBenchSettings {
    Ranges.require("tiles", tiles, 1_000, 10_000_000);
    Ranges.require("tilesPerSlide", tilesPerSlide, 1, 10_000_000);
    Ranges.require("organs", organs, 1, 1_000);
    Ranges.require("maskBytes", maskBytes, 0, 1_000_000);
    Ranges.require("rounds", rounds, 1, 100);
  }

  /** Returns what {@code bench topology} measures when it is told nothing. */
  public static TopologyBenchSettings defaults() {
    return new TopologyBenchSettings(30_000, 500, 30, 4_000, 7, 1);
  }
}
