package io.histoflow.topology;

import io.histoflow.topology.routing.RoutingSettings;

/** Settings of routing that differ from the defaults. */
public final class TestSettings {
  private static final RoutingSettings DEFAULTS = RoutingSettings.defaults();

  private TestSettings() {}

  public static RoutingSettings withFloor(double score) {
    return with(DEFAULTS.budget(), score, DEFAULTS.capacityPerHour(), DEFAULTS.inkFraction());
  }

  static RoutingSettings withCapacityPerHour(int alerts) {
    return with(DEFAULTS.budget(), DEFAULTS.floor(), alerts, DEFAULTS.inkFraction());
  }

  static RoutingSettings withInkFraction(double share) {
    return with(DEFAULTS.budget(), DEFAULTS.floor(), DEFAULTS.capacityPerHour(), share);
  }

  static RoutingSettings with(double budget, double floor, int capacityPerHour, double ink) {
    return new RoutingSettings(
        budget,
        DEFAULTS.coldStartTiles(),
        DEFAULTS.coldStartThreshold(),
        DEFAULTS.windowTiles(),
        floor,
        capacityPerHour,
        ink,
        DEFAULTS.summaryInterval(),
        DEFAULTS.audit());
  }
}
