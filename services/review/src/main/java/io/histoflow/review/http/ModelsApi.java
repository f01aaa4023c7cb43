package io.histoflow.review.http;

import io.histoflow.review.overview.Overview;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.RecordFields;
import io.histoflow.schemas.WeightsChange;
import io.javalin.config.RoutesConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;

/** The models: which version is in force, how it came to that, and what workers run. */
final class ModelsApi {
  private final Overview overview;

  ModelsApi(Overview overview) {
    this.overview = overview;
  }

  void addTo(RoutesConfig routes) {
    routes.get(
        "/api/models",
        ctx -> ctx.json(Map.of("models", overview.models().stream().map(this::model).toList())));
  }

  private Map<String, Object> model(Overview.ModelState model) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("modelId", model.modelId());
    json.put("version", model.version());
    json.put("pin", overview.pin(model.modelId()).map(ModelsApi::change).orElse(null));
    json.put("workers", model.workers().stream().map(OverviewApi::worker).toList());
    List<SpecificRecordBase> events = overview.history(model.modelId());
    json.put(
        "rounds",
        events.stream()
            .filter(DecoderDecision.class::isInstance)
            .map(event -> round((DecoderDecision) event))
            .toList());
    json.put(
        "changes",
        events.stream()
            .filter(WeightsChange.class::isInstance)
            .map(event -> change((WeightsChange) event))
            .toList());
    return json;
  }

  private static Map<String, Object> round(DecoderDecision round) {
    return RecordFields.of(
        round,
        "round",
        "parentVersion",
        "candidateVersion",
        "accepted",
        "reason",
        "heldBack",
        "examplesUsed",
        "tilesJudgedBySeveral",
        "tilesDisagreedOn",
        "before",
        "after",
        "change",
        "guardSet",
        "guardChange",
        "decidedAt");
  }

  private static Map<String, Object> change(WeightsChange change) {
    return RecordFields.of(change, "kind", "fromVersion", "toVersion", "by", "reason", "changedAt");
  }
}
