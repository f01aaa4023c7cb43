package io.histoflow.review.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.access.Role;
import io.histoflow.review.models.WeightsDesk;
import io.histoflow.review.overview.Overview;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.RecordFields;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.schemas.WeightsChangeKind;
import io.histoflow.weights.versions.ChangeNote;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecordBase;

/** The models: which version is in force, how it came to that, and what workers run. */
final class ModelsApi {
  private static final int MOST_TEACHERS = 20;

  private final Overview overview;
  private final WeightsDesk weights;
  private final Reviewers reviewers;
  private final ObjectMapper json = new ObjectMapper();

  ModelsApi(Overview overview, WeightsDesk weights, Reviewers reviewers) {
    this.overview = overview;
    this.weights = weights;
    this.reviewers = reviewers;
  }

  void addTo(RoutesConfig routes) {
    routes.get(
        "/api/models",
        ctx -> ctx.json(Map.of("models", overview.models().stream().map(this::model).toList())));
    routes.post("/api/models/{modelId}/changes", this::change);
  }

  private void change(Context ctx) throws RefusedException {
    reviewers.require(ctx, Role.LEAD);
    JsonNode asked;
    try {
      asked = json.readTree(ctx.bodyAsBytes());
    } catch (IOException e) {
      throw new ApiException(HttpStatus.BAD_REQUEST, "The body is not JSON.");
    }
    String by = reviewers.decider(ctx, Optional.ofNullable(asked.path("reviewer").textValue()));
    Optional<WeightsChange> change =
        weights.change(ctx.pathParam("modelId"), kind(asked), version(asked), note(asked, by));
    ctx.json(Collections.singletonMap("change", change.map(ModelsApi::change).orElse(null)));
  }

  private static WeightsChangeKind kind(JsonNode asked) {
    return switch (asked.path("kind").asText()) {
      case "ROLLED_BACK" -> WeightsChangeKind.ROLLED_BACK;
      case "PINNED" -> WeightsChangeKind.PINNED;
      case "UNPINNED" -> WeightsChangeKind.UNPINNED;
      default ->
          throw new ApiException(
              HttpStatus.BAD_REQUEST,
              "The field \"kind\" must be ROLLED_BACK, PINNED or UNPINNED.");
    };
  }

  private static long version(JsonNode asked) {
    JsonNode version = asked.path("version");
    if (version.isMissingNode() && asked.path("kind").asText().equals("UNPINNED")) {
      return 0;
    }
    if (!version.canConvertToLong() || !version.isIntegralNumber() || version.longValue() < 0) {
      throw new ApiException(
          HttpStatus.BAD_REQUEST, "The field \"version\" must be a whole number, 0 or more.");
    }
    return version.longValue();
  }

  private static ChangeNote note(JsonNode asked, String by) {
    String reason = asked.path("reason").asText().strip();
    if (reason.isEmpty()) {
      throw new ApiException(
          HttpStatus.BAD_REQUEST, "The field \"reason\" is missing: say why, for the record.");
    }
    try {
      return new ChangeNote(by, Optional.of(reason));
    } catch (IllegalArgumentException e) {
      throw new ApiException(HttpStatus.BAD_REQUEST, e.getMessage());
    }
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
        rounds(
            events.stream()
                .filter(DecoderDecision.class::isInstance)
                .map(DecoderDecision.class::cast)
                .toList()));
    json.put(
        "changes",
        events.stream()
            .filter(WeightsChange.class::isInstance)
            .map(event -> change((WeightsChange) event))
            .toList());
    return json;
  }

  /** The rounds, the newest first, with who gave verdicts since the round before each. */
  private List<Map<String, Object>> rounds(List<DecoderDecision> rounds) {
    List<Map<String, Object>> json = new ArrayList<>();
    for (int i = 0; i < rounds.size(); i++) {
      Instant before = i + 1 < rounds.size() ? rounds.get(i + 1).getDecidedAt() : Instant.MIN;
      Map<String, Object> round = round(rounds.get(i));
      round.put(
          "teachers",
          overview.verdictsBetween(before, rounds.get(i).getDecidedAt()).entrySet().stream()
              .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
              .limit(MOST_TEACHERS)
              .map(each -> Map.of("reviewer", each.getKey(), "verdicts", each.getValue()))
              .toList());
      json.add(round);
    }
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
