package io.histoflow.launcher.recall;

import static io.histoflow.commandline.Figures.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.Table;
import io.histoflow.recall.AuditPlan;
import java.util.List;

/**
 * How long it takes until an interval is as narrow as is wanted, by the share of the budget that
 * chance spends.
 *
 * @param plan by what was seen, or the prior
 * @param seen whether it was seen
 * @param budget share of tiles that go to review
 * @param tilesPerDay tiles that the site scans in a day
 * @param precision half the width of the interval
 */
record RecallPlanTable(
    AuditPlan plan, boolean seen, double budget, double tilesPerDay, double precision) {
  private static final List<Double> SHARES = List.of(0.05, 0.1, 0.2, 0.3, 0.5, 1.0);

  @Override
  public String toString() {
    Table table = new Table("share of the budget", "drawn a day", "days");
    for (double share : SHARES) {
      table.row(text("%.2f", share), text("%.1f", aDay(share)), text("%.1f", days(share)));
    }
    return "An interval of +-%s takes %d audited tiles, by %s.%n"
            .formatted(precision, plan.tiles(precision), seen ? "the variance seen" : "a prior")
        + table;
  }

  /** Adds the plan to a result for machines. */
  void addTo(ObjectNode json) {
    json.put("tilesPerDay", tilesPerDay)
        .put("precision", precision)
        .put("budget", budget)
        .put("variance", seen ? "seen" : "prior")
        .put("tiles", plan.tiles(precision));
    ArrayNode shares = json.putArray("shares");
    SHARES.forEach(
        share ->
            shares
                .addObject()
                .put("share", share)
                .put("drawnPerDay", aDay(share))
                .put("days", days(share)));
  }

  private double aDay(double share) {
    return tilesPerDay * budget * share;
  }

  private double days(double share) {
    return plan.tiles(precision) / aDay(share);
  }
}
