package io.histoflow.loadtests.recall;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.measuring.BenchResult;
import io.histoflow.recall.Ratio;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What {@link AuditBench} found.
 *
 * @param settings what was asked for
 * @param modelId which weights segmented the tiles
 * @param slides images
 * @param tiles of them
 * @param groups for each seed its organs, then all of them together
 * @param draws intervals of all organs by how many tiles are audited, by the estimators alone
 */
public record AuditBenchResult(
    AuditBenchSettings settings,
    String modelId,
    int slides,
    int tiles,
    List<AuditedGroup> groups,
    List<AuditDraws.Row> draws)
    implements BenchResult {
  /** Where the table by audited tiles goes on to the next row. */
  private static final int[] STEPS = {1, 5, 10, 15, 20, 25, 30, 40, 60, 100, 200, 400};

  /** Takes a copy. */
  public AuditBenchResult {
    groups = List.copyOf(groups);
    draws = List.copyOf(draws);
  }

  /**
   * Intervals that rest on about as many audited tiles.
   *
   * @param from fewest audited tiles
   * @param to fewest of the next row; the largest number where there is none
   * @param intervals that say anything
   * @param holding those of them that hold the truth
   * @param meanHalfWidth of them
   */
  record Row(int from, int to, long intervals, long holding, double meanHalfWidth) {
    double coverage() {
      return (double) holding / intervals;
    }
  }

  /** Returns what is estimated of all organs together, seed by seed. */
  List<AuditedGroup> whole() {
    return groups.stream().filter(group -> group.organ().isEmpty()).toList();
  }

  /** Returns those seeds whose interval says anything. */
  List<AuditedGroup> saying() {
    return whole().stream().filter(AuditedGroup::says).toList();
  }

  /** Returns intervals of single organs by how many audited tiles they rest on. */
  List<Row> ofOrgans() {
    return rows(group -> !group.organ().isEmpty());
  }

  private List<Row> rows(Predicate<AuditedGroup> which) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < STEPS.length; i++) {
      int to = i + 1 < STEPS.length ? STEPS[i + 1] : Integer.MAX_VALUE;
      row(STEPS[i], to, which).ifPresent(rows::add);
    }
    return rows;
  }

  private Optional<Row> row(int from, int to, Predicate<AuditedGroup> which) {
    List<AuditedGroup> some =
        groups.stream()
            .filter(which.and(AuditedGroup::says))
            .filter(group -> group.audited() >= from && group.audited() < to)
            .toList();
    return some.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Row(
                from,
                to,
                some.size(),
                some.stream().filter(AuditedGroup::modelHolds).count(),
                some.stream().mapToDouble(AuditedGroup::halfWidth).average().orElseThrow()));
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("seeds", settings.seeds())
        .put("saying", saying().size())
        .put("holding", saying().stream().filter(AuditedGroup::modelHolds).count())
        .put("systemHolding", saying().stream().filter(AuditedGroup::systemHolds).count())
        .put("meanAudited", mean(saying().stream().mapToDouble(AuditedGroup::audited).toArray()))
        .put(
            "meanEstimate",
            mean(saying().stream().mapToDouble(one -> one.model().value()).toArray()))
        .put(
            "meanHalfWidth",
            mean(saying().stream().mapToDouble(AuditedGroup::halfWidth).toArray()));
    whole().forEach(one -> json.withArray("bySeed").add(json(one)));
    draws.forEach(row -> json.withArray("draws").add(json(row)));
    ofOrgans().forEach(row -> json.withArray("organsByAudited").add(json(row)));
    settings.data().forEach(folder -> json.withArray("data").add(folder.toString()));
    json.put("model", modelId)
        .put("slides", slides)
        .put("tiles", tiles)
        .put("tileSize", settings.tileSize())
        .put("budget", settings.budget())
        .put("auditShare", settings.auditShare());
    return json;
  }

  private static ObjectNode json(AuditedGroup one) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("seed", one.seed()).put("audited", one.audited());
    put(json.putObject("model"), one.model(), one.modelTruth(), one.modelHolds());
    put(json.putObject("system"), one.system(), one.systemTruth(), one.systemHolds());
    return json;
  }

  private static void put(ObjectNode json, Ratio recall, double truth, boolean holds) {
    json.put("recall", recall.known() ? Double.valueOf(recall.value()) : null)
        .put("low", recall.low())
        .put("high", recall.high())
        .put("truth", truth)
        .put("holds", holds);
  }

  private static ObjectNode json(Row row) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("from", row.from())
        .put("intervals", row.intervals())
        .put("holding", row.holding())
        .put("meanHalfWidth", row.meanHalfWidth());
  }

  private static ObjectNode json(AuditDraws.Row row) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("probability", row.probability())
        .put("meanAudited", row.meanAudited())
        .put("draws", row.draws())
        .put("holding", row.holding())
        .put("meanHalfWidth", row.meanHalfWidth())
        .put("saying", row.saying())
        .put("sayingHolding", row.sayingHolding());
  }

  private static Double mean(double[] values) {
    return values.length == 0 ? null : Arrays.stream(values).average().orElseThrow();
  }
}
