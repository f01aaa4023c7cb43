package io.histoflow.loadtests.dashboard;

import io.histoflow.loadtests.measuring.Ranges;

/**
 * What {@link DashboardBench} measures.
 *
 * @param alerts open alerts while verdicts are given, 50..50000
 * @param listed open alerts while the list is scrolled, {@code alerts}..50000, as many as the
 *     review service holds
 * @param verdicts verdicts of each kind on each line, 1..1000
 * @param tiles tiles that are opened one after the other for memory, 20..5000
 * @param lookMillis how long a reader looks at a tile before deciding, 0..60000
 * @param seed of the synthetic tissue
 */
public record DashboardBenchSettings(
    int alerts, int listed, int verdicts, int tiles, int lookMillis, long seed) {
  /** Edge of the tiles that are decided, in pixels. */
  static final int TILE_SIZE = 256;

  private static final int MOST_HELD = 50_000;

  /** Checks the ranges. */
  public DashboardBenchSettings {
    Ranges.require("alerts", alerts, 50, MOST_HELD);
    Ranges.require("listed", listed, alerts, MOST_HELD);
    Ranges.require("verdicts", verdicts, 1, 1000);
    Ranges.require("tiles", tiles, 20, 5000);
    Ranges.require("lookMillis", lookMillis, 0, 60_000);
    int opened = 4 * (verdicts + DashboardBench.WARM_UP) + tiles;
    Ranges.require(
        alerts > opened,
        "alerts is %d but %d tiles are opened: ask for fewer verdicts or tiles."
            .formatted(alerts, opened));
  }

  /** Returns what {@code bench dashboard} measures when it is told nothing. */
  public static DashboardBenchSettings defaults() {
    return new DashboardBenchSettings(5_000, 50_000, 20, 200, 2_000, 1);
  }
}
