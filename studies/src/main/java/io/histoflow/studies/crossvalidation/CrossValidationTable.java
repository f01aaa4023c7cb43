package io.histoflow.studies.crossvalidation;

import io.histoflow.commandline.Table;
import io.histoflow.evaluation.PairedDifference;
import io.histoflow.evaluation.Spread;
import io.histoflow.evaluation.Summary;
import java.util.Locale;

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
        + text(result.conditioning().recall())
        + ", Dice "
        + text(result.conditioning().dice())
        + ", average precision "
        + text(result.conditioning().averagePrecision())
        + ".";
  }

  private static void add(Table table, String name, Summary summary) {
    table.row(
        name,
        summary.images(),
        text(summary.recall()),
        text(summary.precision()),
        text(summary.dice()),
        text(summary.iou()),
        String.format(Locale.ROOT, "%.3f", summary.curve().averagePrecision()));
  }

  private static String text(Spread spread) {
    return String.format(Locale.ROOT, "%.3f ± %.3f", spread.mean(), spread.sd());
  }

  private static String text(PairedDifference difference) {
    return String.format(
        Locale.ROOT,
        "%+.4f (%+.4f to %+.4f)",
        difference.mean(),
        difference.low(),
        difference.high());
  }
}
