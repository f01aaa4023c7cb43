package io.histoflow.topology.drift;

/**
 * When the tiles of an organ and scanner count as drifted from their reference.
 *
 * @param referenceTiles first tiles of an organ, scanner and model version, which are the
 *     reference; twice to 100 times {@code windowTiles}
 * @param windowTiles tiles after them that are compared with it at a time, 20 or more
 * @param falseAlarmsPerThousandWindows expected number of windows in a thousand that differ by
 *     chance, above 0 and up to 100
 * @param smallestDistance smallest difference of the cumulative distributions that matters, 0..1; 1
 *     switches the alarm off
 */
public record DriftSettings(
    int referenceTiles,
    int windowTiles,
    double falseAlarmsPerThousandWindows,
    double smallestDistance) {

  /** The sketches of all must fit one record. */
  private static final int MOST_WINDOWS = 100;

  /** Checks the ranges. */
  public DriftSettings {
    require(windowTiles >= 20, "windowTiles is " + windowTiles + ", must be 20 or more");
    require(
        referenceTiles / 2 >= windowTiles,
        "referenceTiles is %d, must be at least twice windowTiles (%d)"
            .formatted(referenceTiles, windowTiles));
    require(
        referenceTiles / windowTiles <= MOST_WINDOWS,
        "referenceTiles is %d, must be at most %d times windowTiles (%d)"
            .formatted(referenceTiles, MOST_WINDOWS, windowTiles));
    require(
        falseAlarmsPerThousandWindows > 0 && falseAlarmsPerThousandWindows <= 100,
        "falseAlarmsPerThousandWindows is %s, must be above 0 and at most 100"
            .formatted(falseAlarmsPerThousandWindows));
    require(
        smallestDistance >= 0 && smallestDistance <= 1,
        "smallestDistance is " + smallestDistance + ", must be 0..1");
  }

  /**
   * Returns a reference of 2,000 tiles and windows of 500: a shift by a standard deviation is found
   * within 1,000 tiles, and an organ with 50,000 tiles a year on a scanner gives a false alarm in
   * ten years.
   */
  public static DriftSettings defaults() {
    return new DriftSettings(2_000, 500, 1, 0.1);
  }

  private static void require(boolean holds, String sentence) {
    if (!holds) {
      throw new IllegalArgumentException("drift: " + sentence);
    }
  }
}
