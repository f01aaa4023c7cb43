package io.histoflow.loadtests.recall;

import io.histoflow.recall.Ratio;

/**
 * What one deployment estimates of an organ, or of all, beside what is true of all its tiles.
 *
 * @param seed of the deployment
 * @param organ empty where it is of all organs
 * @param audited tiles that chance drew and somebody read
 * @param model recall of the network's masks, estimated from these and the routed ones
 * @param modelTruth that over all tiles; NaN where there is nothing to find
 * @param system recall of masks as they leave the house, estimated
 * @param systemTruth that over all tiles
 */
record AuditedGroup(
    int seed,
    String organ,
    long audited,
    Ratio model,
    double modelTruth,
    Ratio system,
    double systemTruth) {

  /** Says whether the interval says anything: that recall lies between 0 and 1 is no news. */
  boolean says() {
    return model.known() && !Double.isNaN(modelTruth) && (model.low() > 0 || model.high() < 1);
  }

  boolean modelHolds() {
    return holds(model, modelTruth);
  }

  boolean systemHolds() {
    return holds(system, systemTruth);
  }

  double halfWidth() {
    return (model.high() - model.low()) / 2;
  }

  private static boolean holds(Ratio ratio, double truth) {
    return ratio.low() <= truth && truth <= ratio.high();
  }
}
