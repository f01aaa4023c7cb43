package io.histoflow.loadtests.inference;

import io.histoflow.loadtests.measuring.Ranges;

/**
 * What {@link InferenceBench} measures.
 *
 * @param rounds how often all take turns, 1..100
 * @param seconds that each turn lasts at least, above 0
 * @param tileSide side of the tile in pixels, a multiple of 8 in 16..4096; the paper's is 224
 * @param batch tiles that are given to the segmenter at a time, 1..1024
 */
public record InferenceBenchSettings(int rounds, double seconds, int tileSide, int batch) {

  /** Checks the ranges. */
  public InferenceBenchSettings {
    Ranges.require("rounds", rounds, 1, 100);
    Ranges.require(
        seconds > 0 && seconds <= 600,
        "seconds is " + seconds + " but must be above 0 and at most 600.");
    Ranges.requireEdge("tile side", tileSide, 16, 4096);
    Ranges.require("batch", batch, 1, 1024);
  }

  /** Returns what {@code bench inference} measures when it is told nothing. */
  public static InferenceBenchSettings defaults() {
    return new InferenceBenchSettings(5, 2, 224, 8);
  }
}
