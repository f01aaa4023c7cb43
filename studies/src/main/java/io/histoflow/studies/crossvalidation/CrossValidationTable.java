package io.histoflow.studies.crossvalidation;

import static io.histoflow.commandline.Figures.text;
import static io.histoflow.studies.evaluation.EvaluationTable.spread;

import io.histoflow.commandline.Table;
import io.histoflow.evaluation.PairedDifference;
import io.histoflow.evaluation.Summary;

/** A cross-validation as people read it. */
public final class CrossValidationTable {
  private CrossValidationTable() {}

  public static String of(CrossValidationResult result) {
    Table table =
        new Table("data set", "images", "recall", "precision", "Dice", "IoU", "avg. precision");
    result.sets().forEach((set, summary) -> add(table, set, summary));
    add(table, "all", result.overall());
    return table
        + "The image's own organ less unknown (95 % interval over patients): recall "
        + difference(result.conditioning().recall())
        + ", Dice "
        + difference(result.conditioning().dice())
        + ", average precision "
        + difference(result.conditioning().averagePrecision())
        + ".";
  }

  private static void add(Table table, String name, Summary summary) {
    table.row(
        name,
        summary.images(),
        spread(summary.recall()),
        spread(summary.precision()),
        spread(summary.dice()),
        spread(summary.iou()),
        text("%.3f", summary.curve().averagePrecision()));
  }

  private static String difference(PairedDifference between) {
    return text("%+.4f (%+.4f to %+.4f)", between.mean(), between.low(), between.high());
  }
}
