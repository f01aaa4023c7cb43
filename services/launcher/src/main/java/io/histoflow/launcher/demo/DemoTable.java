package io.histoflow.launcher.demo;

import io.histoflow.commandline.Table;
import io.histoflow.launcher.demo.DemoResult.Quality;
import java.util.Locale;

/** The table that a demo ends with. */
public final class DemoTable {
  private DemoTable() {}

  /** Renders a result as text. */
  public static String of(DemoResult result) {
    return "\n"
        + "Loop ("
        + result.data()
        + ")\n"
        + loop(result)
        + "\nReview budget\n"
        + organs(result)
        + "\nFine-tuning\n  "
        + weights(result)
        + "\n\nQuality on "
        + result.heldOutImages()
        + " held-out images, never corrected (all pixels together)\n"
        + quality(result)
        + String.format(Locale.ROOT, "%nDone in %.0f s.%n", result.wallSeconds());
  }

  private static Table loop(DemoResult r) {
    return new Table("", "count")
        .row("tiles scanned", r.tilesScanned())
        .row("tiles segmented", r.tilesSegmented())
        .row("duplicates", r.duplicates())
        .row("dead-lettered", r.deadLettered())
        .row("slides", r.slides())
        .row("slide reports", r.reports())
        .row("  of these incomplete", r.incompleteReports())
        .row("corrections", r.corrections())
        .row("worker restarts", r.workerRestarts());
  }

  private static Table organs(DemoResult result) {
    Table table = new Table("organ", "segmented", "routed", "share");
    result
        .organs()
        .forEach(
            (organ, counts) ->
                table.row(
                    organ,
                    counts.segmented(),
                    counts.routed(),
                    String.format(Locale.ROOT, "%.1f %%", 100 * counts.share())));
    return table;
  }

  private static String weights(DemoResult result) {
    var weights = result.weights();
    return (weights.accepted()
            ? "accepted: version " + weights.from() + " -> " + weights.to()
            : "refused: version " + weights.from() + " stays in force")
        + ". "
        + weights.reason();
  }

  private static Table quality(DemoResult result) {
    Quality before = result.before();
    Quality after = result.after();
    return new Table("", "before", "after")
        .row("recall", number(before.recall()), number(after.recall()))
        .row("precision", number(before.precision()), number(after.precision()))
        .row("Dice", number(before.dice()), number(after.dice()))
        .row("IoU", number(before.iou()), number(after.iou()))
        .row("mask threshold", number(before.threshold()), number(after.threshold()))
        .row(
            "recall at precision " + number(before.matchedPrecision()),
            number(before.recallAtMatchedPrecision()),
            number(after.recallAtMatchedPrecision()))
        .row(
            "average precision",
            number(before.averagePrecision()),
            number(after.averagePrecision()));
  }

  private static String number(Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }
}
