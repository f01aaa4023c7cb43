package io.histoflow.topology;

import io.histoflow.schemas.DriftAlarm;
import io.histoflow.schemas.SlideReport;
import io.histoflow.topology.recall.RecallListener;
import io.histoflow.topology.routing.RoutingListener;

/**
 * Hears what the topology does, for metrics. Called on the topology's threads, so it must be quick
 * and safe for use by several threads; what an aborted transaction did is heard again when it is
 * repeated.
 */
public interface TopologyListener extends RoutingListener, RecallListener {
  /** Hears nothing. */
  TopologyListener NONE = new TopologyListener() {};

  /** Tiles have drifted from their reference, or are back. */
  default void onDrift(DriftAlarm alarm) {}

  /** A slide is reported. */
  default void onReport(SlideReport report) {}
}
