package io.histoflow.loadtests.recall;

import io.histoflow.loadtests.measuring.Ranges;

/**
 * What {@link RecallBench} simulates.
 *
 * @param tiles tiles of all organs together in each repetition, 1,000 or more
 * @param organs organs, 3 to 1,000; in two of them the model gets worse half-way
 * @param repetitions simulated deployments, 2 or more
 * @param topologyTiles tiles through the real topology, 0 for none
 * @param seed of everything
 */
public record RecallBenchSettings(
    int tiles, int organs, int repetitions, int topologyTiles, long seed) {
  /** Organs in which the model gets worse. */
  static final int FALLING = 2;

  /** Checks the ranges. */
  public RecallBenchSettings {
    Ranges.require(tiles >= 1_000, "tiles is " + tiles + " but must be 1000 or more.");
    Ranges.require("organs", organs, FALLING + 1, 1_000);
    Ranges.require("repetitions", repetitions, 2, 100_000);
    Ranges.require("topologyTiles", topologyTiles, 0, 10_000_000);
  }

  /** Returns what {@code bench recall} simulates when it is told nothing. */
  public static RecallBenchSettings defaults() {
    return new RecallBenchSettings(200_000, 30, 500, 200_000, 1);
  }
}
