package io.histoflow.topology;

import io.histoflow.topology.drift.DriftSettings;
import io.histoflow.topology.recall.RecallSettings;
import io.histoflow.topology.reports.ReportSettings;
import io.histoflow.topology.routing.RoutingSettings;
import java.util.Objects;

/**
 * What an operator decides.
 *
 * @param routing which tiles go to review
 * @param drift when tiles count as drifted
 * @param reports when slides are reported
 * @param recall what may be missed
 */
public record TopologySettings(
    RoutingSettings routing, DriftSettings drift, ReportSettings reports, RecallSettings recall) {
  private static final int TELLS_PER_WINDOW = 10;

  /** Requires all four. */
  public TopologySettings {
    Objects.requireNonNull(routing, "routing");
    Objects.requireNonNull(drift, "drift");
    Objects.requireNonNull(reports, "reports");
    Objects.requireNonNull(recall, "recall");
  }

  /** Returns the defaults of all four. */
  public static TopologySettings defaults() {
    return new TopologySettings(
        RoutingSettings.defaults(),
        DriftSettings.defaults(),
        ReportSettings.defaults(),
        RecallSettings.defaults());
  }

  /** Returns these settings with others of routing. */
  public TopologySettings withRouting(RoutingSettings other) {
    return new TopologySettings(other, drift, reports, recall);
  }

  /** Returns these settings with others of the drift alarm. */
  public TopologySettings withDrift(DriftSettings other) {
    return new TopologySettings(routing, other, reports, recall);
  }

  /**
   * Returns after how many tiles of an organ a router tells of them at the latest. Drift is looked
   * for in whole summaries: a window of many ends soon after its last tile.
   */
  int mostTilesUntold() {
    return Math.max(1, drift.windowTiles() / TELLS_PER_WINDOW);
  }
}
