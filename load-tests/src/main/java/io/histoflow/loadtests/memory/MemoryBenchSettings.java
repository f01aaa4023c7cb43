package io.histoflow.loadtests.memory;

import io.histoflow.loadtests.measuring.Ranges;

/**
 * What {@link MemoryBench} measures.
 *
 * @param tiles small tiles, over which memory must not grow; more than {@code warmUpTiles}
 * @param warmUpTiles tiles after which memory is first read, 1 or more
 * @param tileSize edge of a small tile in pixels, 16 to 1024
 * @param largeTiles large tiles, which come last and make the peak, 0 or more
 * @param largeTileSize edge of a large tile in pixels, 16 to 4096
 * @param sampleEvery tiles from one reading of the memory to the next, 1 or more
 * @param seed seed of the synthetic tissue
 */
public record MemoryBenchSettings(
    int tiles,
    int warmUpTiles,
    int tileSize,
    int largeTiles,
    int largeTileSize,
    int sampleEvery,
    long seed) {
  private static final int MOST_TILES = 10_000_000;

  /** Checks the ranges. */
  public MemoryBenchSettings {
    Ranges.require("warmUpTiles", warmUpTiles, 1, MOST_TILES - 1);
    Ranges.require("tiles", tiles, warmUpTiles + 1, MOST_TILES);
    Ranges.require("tileSize", tileSize, 16, 1024);
    Ranges.require("largeTiles", largeTiles, 0, MOST_TILES);
    Ranges.require("largeTileSize", largeTileSize, 16, 4096);
    Ranges.require("sampleEvery", sampleEvery, 1, MOST_TILES);
  }

  /** Returns what {@code bench memory} measures when it is told nothing. */
  public static MemoryBenchSettings defaults() {
    return new MemoryBenchSettings(20_000, 1_000, 64, 100, 1024, 250, 1);
  }
}
