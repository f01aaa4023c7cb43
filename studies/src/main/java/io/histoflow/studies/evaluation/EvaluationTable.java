package io.histoflow.studies.evaluation;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Table;
import io.histoflow.evaluation.Confusion;
import io.histoflow.evaluation.Evaluation;
import io.histoflow.evaluation.Spread;
import io.histoflow.evaluation.Summary;
import java.util.Map;

/**
 * An evaluation as a table for the terminal: each organ, each data set where there are several, and
 * all of them as mean ± SD over images, then all pixels together.
 */
public final class EvaluationTable {
  private EvaluationTable() {}

  /**
   * Makes the table.
   *
   * @param sets what was measured on each data set, by its name
   */
  public static Table of(Evaluation evaluation, Map<String, Evaluation> sets) {
    Table table = new Table("organ", "images", "recall", "FNR", "precision", "Dice", "IoU");
    evaluation.organs().forEach((organ, summary) -> means(table, organ, summary));
    sets.forEach((name, set) -> means(table, name, set.overall()));
    means(table, "all", evaluation.overall());
    pixels(table, evaluation.overall());
    return table;
  }

  private static void means(Table table, String name, Summary summary) {
    table.row(
        name,
        summary.images(),
        spread(summary.recall()),
        spread(summary.falseNegativeRate()),
        spread(summary.precision()),
        spread(summary.dice()),
        spread(summary.iou()));
  }

  private static void pixels(Table table, Summary summary) {
    Confusion counts = summary.micro();
    table.row(
        "all pixels (micro)",
        summary.images(),
        text("%.3f", counts.recall()),
        text("%.3f", counts.falseNegativeRate()),
        text("%.3f", counts.precision()),
        text("%.3f", counts.dice()),
        text("%.3f", counts.iou()));
  }

  /** Returns mean and standard deviation; a dash where there are none. */
  public static String spread(Spread spread) {
    return text("%.3f ± %.3f", spread.mean(), spread.sd());
  }
}
