package io.histoflow.review.http;

import io.histoflow.access.Role;
import io.histoflow.review.overview.Overview;
import io.histoflow.review.overview.People;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How much each person did, for leads. */
final class PeopleApi {
  private final Overview overview;
  private final Reviewers reviewers;

  PeopleApi(Overview overview, Reviewers reviewers) {
    this.overview = overview;
    this.reviewers = reviewers;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/api/people", this::list);
  }

  private void list(Context ctx) {
    reviewers.require(ctx, Role.LEAD);
    People.Summary summary = overview.people();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("people", summary.people().stream().map(PeopleApi::json).toList());
    json.put("isWhole", summary.isWhole());
    ctx.json(json);
  }

  private static Map<String, Object> json(People.Person person) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", person.name());
    json.put("verdicts", person.decisions().verdicts());
    json.put("opinions", person.decisions().opinions());
    json.put("claims", person.claims());
    json.put(
        "medianSeconds",
        person.medianTime().map(Duration::toMillis).map(m -> m / 1e3).orElse(null));
    json.put("timed", person.timed());
    json.put("firstAct", person.first().toString());
    json.put("lastAct", person.last().toString());
    json.put("work", work(person));
    return json;
  }

  private static List<Map<String, Object>> work(People.Person person) {
    return person.work().entrySet().stream()
        .map(
            on -> {
              Map<String, Object> json = new LinkedHashMap<>();
              json.put("organ", on.getKey().organ());
              json.put("modelId", on.getKey().modelId());
              json.put("modelVersion", on.getKey().modelVersion());
              json.put("verdicts", on.getValue().verdicts());
              json.put("opinions", on.getValue().opinions());
              return json;
            })
        .toList();
  }
}
