package io.histoflow.loadtests.feed;

import io.histoflow.loadtests.measuring.Ranges;

/**
 * What {@link FeedBench} measures.
 *
 * @param clients browsers on live updates, 1..64, as many as the review service lets in
 * @param tiles tiles in each turn, 1..1000000
 * @param tileSize edge of a tile in pixels, 16..4096
 * @param rounds how often turns without and with clients follow each other, 1..100
 * @param seed seed of the synthetic tissue
 */
public record FeedBenchSettings(int clients, int tiles, int tileSize, int rounds, long seed) {

  /** Checks the ranges. */
  public FeedBenchSettings {
    Ranges.require("clients", clients, 1, 64);
    Ranges.require("tiles", tiles, 1, 1_000_000);
    Ranges.require("tileSize", tileSize, 16, 4096);
    Ranges.require("rounds", rounds, 1, 100);
  }

  /** Returns what {@code bench feed} measures when it is told nothing. */
  public static FeedBenchSettings defaults() {
    return new FeedBenchSettings(50, 200, 256, 5, 1);
  }
}
