package io.histoflow.launcher.recall;

import static io.histoflow.commandline.Figures.text;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.Table;
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
 * All estimates, for people and for machines.
 *
 * @param estimates the latest of each organ, scanner and version, in order
 */
public record RecallSheet(List<RecallEstimate> estimates) {
  /** Takes a copy. */
  public RecallSheet {
    estimates = List.copyOf(estimates);
  }

  /** Returns the table. */
  String table() {
    Table table =
        new Table(
            "organ",
            "scanner",
            "version",
            "recall",
            "95 %",
            "with review",
            "95 %",
            "read",
            "alarm");
    for (RecallEstimate estimate : estimates) {
      Ratio model = ratio(estimate.getModelPixels());
      Ratio system = ratio(estimate.getSystemPixels());
      table.row(
          estimate.getOrgan(),
          estimate.getScanner().isEmpty() ? "-" : estimate.getScanner(),
          estimate.getModelVersion(),
          text("%.3f", model.value()),
          interval(model),
          text("%.3f", system.value()),
          interval(system),
          estimate.getTilesDrawnRead() + " of " + estimate.getTilesDrawn(),
          estimate.getAlarmedAt() == null ? "" : "misses more than " + estimate.getLevel());
    }
    Ratio model = model().map(Totals::recall).orElse(Ratio.UNKNOWN);
    Ratio system = system().map(Totals::recall).orElse(Ratio.UNKNOWN);
    table.row(
        "all",
        "",
        "",
        text("%.3f", model.value()),
        interval(model),
        text("%.3f", system.value()),
        interval(system),
        drawnRead() + " of " + estimates.stream().mapToLong(RecallEstimate::getTilesDrawn).sum(),
        "");
    StringBuilder sentences = new StringBuilder();
    for (RecallEstimate estimate : estimates) {
      Readiness.of(estimate)
          .ifPresent(
              sentence ->
                  sentences
                      .append(name(estimate))
                      .append(": ")
                      .append(sentence)
                      .append(System.lineSeparator()));
    }
    notEnough()
        .ifPresent(
            sentence -> sentences.append("all: ").append(sentence).append(System.lineSeparator()));
    agreement().ifPresent(readers -> sentences.append(sentence(readers)));
    return table.toString() + sentences;
  }

  private String sentence(ReaderComparison readers) {
    StringBuilder text =
        new StringBuilder(
            text(
                "Read by two: %d tiles, on whose pixels they agree with kappa %s.%n",
                readers.tiles(), text("%.3f", readers.kappa())));
    for (RecallEstimate estimate : estimates) {
      ReaderAgreement agreement = estimate.getAgreement();
      if (agreement != null) {
        text.append(
            text(
                "%s: on %d tiles recall is %s by the verdicts and %s by the second readers.%n",
                name(estimate),
                agreement.getTiles(),
                text("%.3f", agreement.getRecallByFirst()),
                text("%.3f", agreement.getRecallBySecond())));
      }
    }
    return text.toString();
  }

  /** Returns the sentence of several groups together that say nothing yet; empty where they do. */
  Optional<String> notEnough() {
    return estimates.size() > 1 && drawnRead() < AuditPlan.FEWEST_TILES_OF_SEVERAL
        ? Optional.of(
            "not enough audited yet: %d of %d tiles"
                .formatted(drawnRead(), AuditPlan.FEWEST_TILES_OF_SEVERAL))
        : Optional.empty();
  }

  /** Returns how far readers agree in all groups; empty where no tile was read twice. */
  Optional<ReaderComparison> agreement() {
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
  AuditPlan plan() {
    Ratio recall = model().map(Totals::recall).orElse(Ratio.UNKNOWN);
    return AuditPlan.seen(recall, drawnRead());
  }

  /** Says whether the plan rests on what was seen. */
  boolean seen() {
    return !plan().equals(AuditPlan.PRIOR);
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    estimates.forEach(estimate -> json.withArray("estimates").add(json(estimate)));
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

  private long drawnRead() {
    return estimates.stream().mapToLong(RecallEstimate::getTilesDrawnRead).sum();
  }

  static String name(RecallEstimate estimate) {
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

  private static Ratio ratio(RecallFigures figures) {
    return figures == null || figures.getRecall() == null
        ? Ratio.UNKNOWN
        : new Ratio(
            figures.getRecall(), figures.getRecallLow(), figures.getRecallHigh(), Double.NaN);
  }

  private static String interval(Ratio ratio) {
    return ratio.known() ? text("%.3f-%.3f", ratio.low(), ratio.high()) : "-";
  }
}
