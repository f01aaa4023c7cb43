package io.histoflow.loadtests.topology;

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
    requireRange("tiles", tiles, 1_000, 10_000_000);
    requireRange("tilesPerSlide", tilesPerSlide, 1, 10_000_000);
    requireRange("organs", organs, 1, 1_000);
    requireRange("maskBytes", maskBytes, 0, 1_000_000);
    requireRange("rounds", rounds, 1, 100);
  }

  /** Returns what {@code bench topology} measures when it is told nothing. */
  public static TopologyBenchSettings defaults() {
    return new TopologyBenchSettings(60_000, 500, 30, 4_000, 3, 1);
  }

  private static void requireRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + " but must be " + least + " to " + most + ".");
    }
  }
}
