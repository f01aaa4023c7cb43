package io.histoflow.topology;

import io.histoflow.topology.drift.DriftSettings;
import io.histoflow.topology.reports.ReportSettings;
import io.histoflow.topology.routing.RoutingSettings;
import java.util.Objects;

/**
 * What an operator decides.
 *
 * @param routing which tiles go to review
 * @param drift when tiles count as drifted
 * @param reports when slides are reported
 */
public record TopologySettings(
    RoutingSettings routing, DriftSettings drift, ReportSettings reports) {

  /** Requires all three. */
  public TopologySettings {
    Objects.requireNonNull(routing, "routing");
    Objects.requireNonNull(drift, "drift");
    Objects.requireNonNull(reports, "reports");
  }

  /** Returns the defaults of all three. */
  public static TopologySettings defaults() {
    return new TopologySettings(
        RoutingSettings.defaults(), DriftSettings.defaults(), ReportSettings.defaults());
  }

  /** Returns these settings with others of routing. */
  public TopologySettings withRouting(RoutingSettings other) {
    return new TopologySettings(other, drift, reports);
  }

  /** Returns these settings with others of the drift alarm. */
  public TopologySettings withDrift(DriftSettings other) {
    return new TopologySettings(routing, other, reports);
  }
}
