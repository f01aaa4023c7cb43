package io.histoflow.launcher.recall;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Table;
import io.histoflow.recall.Ratio;
import io.histoflow.recall.Totals;
import io.histoflow.results.recall.Readiness;
import io.histoflow.results.recall.RecallSummary;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.RecallFigures;
import java.util.function.Function;

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
    Ratio model = all(summary, RecallEstimate::getModelPixels);
    Ratio system = all(summary, RecallEstimate::getSystemPixels);
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
    return table.toString() + sentences;
  }

  private static Ratio all(RecallSummary summary, Function<RecallEstimate, RecallFigures> figures) {
    return summary.all(figures).map(Totals::recall).orElse(Ratio.UNKNOWN);
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
