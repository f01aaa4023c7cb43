package io.histoflow.loadtests.startup;

import io.histoflow.loadtests.measuring.Ranges;

/**
 * What {@link StartUpBench} measures.
 *
 * @param rounds how often the system is started, each time with an empty data directory, 1 to 100
 * @param tileSize edge of the tile in pixels, 16 to 4096
 * @param seed seed of the synthetic tissue
 */
public record StartUpBenchSettings(int rounds, int tileSize, long seed) {

  /** Checks the ranges. */
  public StartUpBenchSettings {
    Ranges.require("rounds", rounds, 1, 100);
    Ranges.require("tileSize", tileSize, 16, 4096);
  }

  /** Returns what {@code bench start-up} measures when it is told nothing. */
  public static StartUpBenchSettings defaults() {
    return new StartUpBenchSettings(3, 256, 1);
  }
}
