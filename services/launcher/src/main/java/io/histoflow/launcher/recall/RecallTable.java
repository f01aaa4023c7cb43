package io.histoflow.launcher.recall;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Table;
import io.histoflow.recall.Ratio;
import io.histoflow.recall.ReaderComparison;
import io.histoflow.recall.Totals;
import io.histoflow.results.recall.Readiness;
import io.histoflow.results.recall.RecallSummary;
import io.histoflow.schemas.ReaderAgreement;
import io.histoflow.schemas.RecallAlarm;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.RecallFigures;
import java.util.List;

/** All estimates as a table, for people. */
final class RecallTable {
  private RecallTable() {}

  /** Returns the table. */
  static String of(RecallSummary summary) {
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
    for (RecallEstimate estimate : summary.estimates()) {
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
    Ratio model = summary.model().map(Totals::recall).orElse(Ratio.UNKNOWN);
    Ratio system = summary.system().map(Totals::recall).orElse(Ratio.UNKNOWN);
    table.row(
        "all",
        "",
        "",
        text("%.3f", model.value()),
        interval(model),
        text("%.3f", system.value()),
        interval(system),
        summary.drawnRead()
            + " of "
            + summary.estimates().stream().mapToLong(RecallEstimate::getTilesDrawn).sum(),
        "");
    StringBuilder sentences = new StringBuilder();
    for (RecallEstimate estimate : summary.estimates()) {
      Readiness.of(estimate)
          .ifPresent(
              sentence ->
                  sentences
                      .append(RecallSummary.name(estimate))
                      .append(": ")
                      .append(sentence)
                      .append(System.lineSeparator()));
    }
    summary
        .notEnough()
        .ifPresent(
            sentence -> sentences.append("all: ").append(sentence).append(System.lineSeparator()));
    summary
        .agreement()
        .ifPresent(readers -> sentences.append(sentence(readers, summary.estimates())));
    return table.toString() + sentences;
  }

  /** Says that more is missed than promised, of all organs together. */
  static String sentence(RecallAlarm alarm) {
    return text(
        "All organs together, version %d: %.3f is missed on average, more than the promised %s, by"
            + " %d slides until %s.",
        alarm.getModelVersion(),
        alarm.getMissedShare(),
        alarm.getLevel(),
        alarm.getSlides(),
        alarm.getDetectedAt());
  }

  private static String sentence(ReaderComparison readers, List<RecallEstimate> estimates) {
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
                RecallSummary.name(estimate),
                agreement.getTiles(),
                text("%.3f", agreement.getRecallByFirst()),
                text("%.3f", agreement.getRecallBySecond())));
      }
    }
    return text.toString();
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
