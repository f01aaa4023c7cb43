package io.histoflow.launcher.demo;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Table;
import io.histoflow.launcher.demo.DemoResult.Quality;
import io.histoflow.recall.AuditPlan;

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
        + recall(result.recall(), result.organs().size())
        + text("%nDone in %.0f s.%n", result.wallSeconds());
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
                    text("%.1f %%", 100 * counts.share())));
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

  private static String recall(DemoResult.RecallOutcome recall, int organs) {
    long fewest = organs > 1 ? AuditPlan.FEWEST_TILES_OF_SEVERAL : AuditPlan.FEWEST_TILES;
    String truth = text("%.4f", recall.truth());
    return recall.estimate() == null
        ? text(
            "%nRecall over all tiles, estimated: not enough audited yet (%d tiles read of %d"
                + " drawn); true: %s%n",
            recall.tilesDrawnRead(), recall.tilesDrawn(), truth)
        : text(
                "%nRecall over all tiles, estimated: %.4f (95 %% %.4f-%.4f, from %d audited tiles);"
                    + " true: %s%n",
                recall.estimate(), recall.low(), recall.high(), recall.tilesDrawnRead(), truth)
            + (recall.tilesDrawnRead() < fewest
                ? text(
                    "From fewer than %d audited tiles an interval is too short as a rule.%n",
                    fewest)
                : "");
  }

  private static Table quality(DemoResult result) {
    Quality before = result.before();
    Quality after = result.after();
    return new Table("", "before", "after")
        .row("recall", text("%.4f", before.recall()), text("%.4f", after.recall()))
        .row("precision", text("%.4f", before.precision()), text("%.4f", after.precision()))
        .row("Dice", text("%.4f", before.dice()), text("%.4f", after.dice()))
        .row("IoU", text("%.4f", before.iou()), text("%.4f", after.iou()))
        .row("mask threshold", text("%.4f", before.threshold()), text("%.4f", after.threshold()))
        .row(
            "recall at precision " + text("%.4f", before.matchedPrecision()),
            text("%.4f", before.recallAtMatchedPrecision()),
            text("%.4f", after.recallAtMatchedPrecision()))
        .row(
            "average precision",
            text("%.4f", before.averagePrecision()),
            text("%.4f", after.averagePrecision()));
  }
}
