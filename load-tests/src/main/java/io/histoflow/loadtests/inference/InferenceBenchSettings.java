package io.histoflow.loadtests.inference;

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
    require(rounds >= 1 && rounds <= 100, "rounds is " + rounds + " but must be 1 to 100.");
    require(
        seconds > 0 && seconds <= 600,
        "seconds is " + seconds + " but must be above 0 and at most 600.");
    require(
        tileSide >= 16 && tileSide <= 4096 && tileSide % 8 == 0,
        "tile side is " + tileSide + " but must be a multiple of 8 from 16 to 4096.");
    require(batch >= 1 && batch <= 1024, "batch is " + batch + " but must be 1 to 1024.");
  }

  /** Returns what {@code bench inference} measures when it is told nothing. */
  public static InferenceBenchSettings defaults() {
    return new InferenceBenchSettings(5, 2, 224, 8);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
