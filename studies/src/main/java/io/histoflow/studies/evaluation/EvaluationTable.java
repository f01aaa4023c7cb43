package io.histoflow.studies.evaluation;

import io.histoflow.commandline.Table;
import io.histoflow.evaluation.Confusion;
import io.histoflow.evaluation.Evaluation;
import io.histoflow.evaluation.Spread;
import io.histoflow.evaluation.Summary;
import java.util.Locale;

/**
 * An evaluation as a table for the terminal: each organ and all of them as mean ± SD over images,
 * then all pixels together.
 */
public final class EvaluationTable {
  private static final String UNDEFINED = "-";

  private EvaluationTable() {}

  public static Table of(Evaluation evaluation) {
    Table table = new Table("organ", "images", "recall", "FNR", "precision", "Dice", "IoU");
    evaluation.organs().forEach((organ, summary) -> means(table, organ, summary));
    means(table, "all", evaluation.overall());
    pixels(table, evaluation.overall());
    return table;
  }

  private static void means(Table table, String name, Summary summary) {
    table.row(
        name,
        summary.images(),
        text(summary.recall()),
        text(summary.falseNegativeRate()),
        text(summary.precision()),
        text(summary.dice()),
        text(summary.iou()));
  }

  private static void pixels(Table table, Summary summary) {
    Confusion counts = summary.micro();
    table.row(
        "all pixels (micro)",
        summary.images(),
        text(counts.recall()),
        text(counts.falseNegativeRate()),
        text(counts.precision()),
        text(counts.dice()),
        text(counts.iou()));
  }

  private static String text(Spread spread) {
    return Double.isNaN(spread.mean())
        ? UNDEFINED
        : String.format(Locale.ROOT, "%.3f ± %.3f", spread.mean(), spread.sd());
  }

  private static String text(double value) {
    return Double.isNaN(value) ? UNDEFINED : String.format(Locale.ROOT, "%.3f", value);
  }
}
