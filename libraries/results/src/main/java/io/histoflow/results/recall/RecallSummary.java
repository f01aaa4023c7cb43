package io.histoflow.results.recall;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.recall.AuditPlan;
import io.histoflow.recall.Counts;
import io.histoflow.recall.Ratio;
import io.histoflow.recall.ReaderComparison;
import io.histoflow.recall.Totals;
import io.histoflow.schemas.ReaderAgreement;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.RecallFigures;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * All estimates, and what they add up to.
 *
 * @param estimates the latest of each organ, scanner and version, in order
 */
public record RecallSummary(List<RecallEstimate> estimates) {
  /** Takes a copy. */
  public RecallSummary {
    estimates = List.copyOf(estimates);
  }

  /** Returns the sentence of several groups together that say nothing yet; empty where they do. */
  public Optional<String> notEnough() {
    return estimates.size() > 1 && drawnRead() < AuditPlan.FEWEST_TILES_OF_SEVERAL
        ? Optional.of(
            "not enough audited yet: %d of %d tiles"
                .formatted(drawnRead(), AuditPlan.FEWEST_TILES_OF_SEVERAL))
        : Optional.empty();
  }

  /** Returns how far readers agree in all groups; empty where no tile was read twice. */
  public Optional<ReaderComparison> agreement() {
    return estimates.stream()
        .map(RecallEstimate::getAgreement)
        .filter(Objects::nonNull)
        .map(
            one ->
                new ReaderComparison(
                    one.getTiles(),
                    one.getBoth(),
                    one.getOnlyFirst(),
                    one.getOnlySecond(),
                    one.getNeither(),
                    Counts.NONE,
                    Counts.NONE))
        .reduce(ReaderComparison::plus);
  }

  /**
   * Returns the totals of the network's masks over all groups; empty where no group has an
   * estimate. Groups in which chance has drawn no tile yet add what was routed: left out, they
   * would be taken for groups like the others.
   */
  public Optional<Totals> model() {
    return all(RecallEstimate::getModelPixels, RecallEstimate::getRoutedModelPixels);
  }

  /** Returns the same of masks as they leave the house. */
  public Optional<Totals> system() {
    return all(RecallEstimate::getSystemPixels, RecallEstimate::getRoutedSystemPixels);
  }

  private Optional<Totals> all(
      Function<RecallEstimate, RecallFigures> figures,
      Function<RecallEstimate, RecallFigures> withoutDraw) {
    if (estimates.stream().map(figures).allMatch(Objects::isNull)) {
      return Optional.empty();
    }
    return estimates.stream()
        .flatMap(
            estimate ->
                Stream.of(figures, withoutDraw)
                    .map(some -> some.apply(estimate))
                    .filter(Objects::nonNull)
                    .map(some -> totals(some, estimate.getSlides())))
        .reduce(Totals::plus);
  }

  /** Returns how many tiles are needed, by what was seen of all. */
  public AuditPlan plan() {
    Ratio recall = model().map(Totals::recall).orElse(Ratio.UNKNOWN);
    return AuditPlan.seen(recall, drawnRead());
  }

  /** Says whether the plan rests on what was seen. */
  public boolean seen() {
    return !plan().equals(AuditPlan.PRIOR);
  }

  /**
   * Returns everything for machines: {"estimates": [...], "all": {...}}, each estimate with recall
   * and precision, their intervals, and why it says nothing yet.
   */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode each = json.putArray("estimates");
    estimates.forEach(estimate -> each.add(json(estimate)));
    ObjectNode all = json.putObject("all");
    all.put("tilesDrawnRead", drawnRead());
    all.put("notEnough", notEnough().orElse(null));
    model().ifPresent(totals -> put(all.putObject("model"), totals.recall(), totals.precision()));
    system().ifPresent(totals -> put(all.putObject("system"), totals.recall(), totals.precision()));
    agreement()
        .ifPresent(
            readers ->
                all.putObject("agreement")
                    .put("tiles", readers.tiles())
                    .put(
                        "kappa",
                        Double.isNaN(readers.kappa()) ? null : Double.valueOf(readers.kappa())));
    return json;
  }

  private static ObjectNode json(RecallEstimate estimate) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("organ", estimate.getOrgan())
        .put("scanner", estimate.getScanner())
        .put("modelVersion", estimate.getModelVersion())
        .put("slides", estimate.getSlides())
        .put("tilesAsked", estimate.getTilesAsked())
        .put("tilesRead", estimate.getTilesRead())
        .put("tilesDrawn", estimate.getTilesDrawn())
        .put("tilesDrawnRead", estimate.getTilesDrawnRead())
        .put("missedShare", estimate.getMissedShare())
        .put("missedShareLow", estimate.getMissedShareLow())
        .put("missedShareHigh", estimate.getMissedShareHigh())
        .put("level", estimate.getLevel())
        .put("evidence", estimate.getEvidence())
        .put("limit", estimate.getLimit())
        .put("alarmedAt", Objects.toString(estimate.getAlarmedAt(), null))
        .put("since", estimate.getSince().toString())
        .put("updatedAt", estimate.getUpdatedAt().toString())
        .put("notEnough", Readiness.of(estimate).orElse(null));
    put(json, "model", estimate.getModelPixels(), estimate.getSlides());
    put(json, "modelObjects", estimate.getModelObjects(), estimate.getSlides());
    put(json, "system", estimate.getSystemPixels(), estimate.getSlides());
    put(json, "systemObjects", estimate.getSystemObjects(), estimate.getSlides());
    ReaderAgreement agreement = estimate.getAgreement();
    if (agreement == null) {
      json.putNull("agreement");
    } else {
      json.putObject("agreement")
          .put("tiles", agreement.getTiles())
          .put("kappa", agreement.getKappa())
          .put("recallByFirst", agreement.getRecallByFirst())
          .put("recallBySecond", agreement.getRecallBySecond());
    }
    return json;
  }

  private static void put(ObjectNode json, String name, RecallFigures figures, int slides) {
    if (figures == null) {
      json.putNull(name);
    } else {
      Totals totals = totals(figures, slides);
      put(json.putObject(name), totals.recall(), totals.precision());
    }
  }

  private static void put(ObjectNode json, Ratio recall, Ratio precision) {
    json.put("recall", recall.known() ? Double.valueOf(recall.value()) : null)
        .put("recallLow", recall.low())
        .put("recallHigh", recall.high())
        .put("precision", precision.known() ? Double.valueOf(precision.value()) : null)
        .put("precisionLow", precision.low())
        .put("precisionHigh", precision.high());
  }

  /** Returns how many tiles chance drew and somebody read. */
  public long drawnRead() {
    return estimates.stream().mapToLong(RecallEstimate::getTilesDrawnRead).sum();
  }

  /** Names what an estimate is about, for people. */
  public static String name(RecallEstimate estimate) {
    String scanner = estimate.getScanner().isEmpty() ? "" : " on " + estimate.getScanner();
    return estimate.getOrgan() + scanner + ", version " + estimate.getModelVersion();
  }

  /** Returns the figures as totals, from which ratios and intervals follow. */
  static Totals totals(RecallFigures figures, int slides) {
    return new Totals(
        figures.getFound(),
        figures.getMissed(),
        figures.getWrong(),
        figures.getFoundFound(),
        figures.getFoundMissed(),
        figures.getFoundWrong(),
        figures.getMissedMissed(),
        figures.getWrongWrong(),
        slides);
  }
}
