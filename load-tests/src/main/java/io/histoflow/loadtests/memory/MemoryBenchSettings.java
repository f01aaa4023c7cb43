package io.histoflow.loadtests.memory;

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
    requireRange("warmUpTiles", warmUpTiles, 1, MOST_TILES - 1);
    requireRange("tiles", tiles, warmUpTiles + 1, MOST_TILES);
    requireRange("tileSize", tileSize, 16, 1024);
    requireRange("largeTiles", largeTiles, 0, MOST_TILES);
    requireRange("largeTileSize", largeTileSize, 16, 4096);
    requireRange("sampleEvery", sampleEvery, 1, MOST_TILES);
  }

  /** Returns what {@code bench memory} measures when it is told nothing. */
  public static MemoryBenchSettings defaults() {
    return new MemoryBenchSettings(20_000, 1_000, 64, 100, 1024, 250, 1);
  }

  private static void requireRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + " but must be " + least + " to " + most + ".");
    }
  }
}
