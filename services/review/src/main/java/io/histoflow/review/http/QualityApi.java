package io.histoflow.review.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.results.recall.RecallSummary;
import io.histoflow.review.overview.Overview;
import io.histoflow.schemas.RecallAlarm;
import io.histoflow.schemas.RecordFields;
import io.javalin.config.RoutesConfig;

/** What is found and missed over all tiles, as the command {@code recall} tells it, and alarms. */
final class QualityApi {
  private final Overview overview;

  QualityApi(Overview overview) {
    this.overview = overview;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/api/quality", ctx -> ctx.json(json()));
  }

  private ObjectNode json() {
    ObjectNode json = new RecallSummary(overview.estimates()).json();
    ArrayNode alarms = json.putArray("alarms");
    overview.recallAlarms().forEach(alarm -> alarms.addPOJO(fields(alarm)));
    return json;
  }

  private static Object fields(RecallAlarm alarm) {
    return RecordFields.of(
        alarm,
        "allOrgans",
        "organ",
        "scanner",
        "modelVersion",
        "missedShare",
        "missedShareLow",
        "level",
        "slides",
        "detectedAt");
  }
}
