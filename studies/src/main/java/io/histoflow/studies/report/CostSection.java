package io.histoflow.studies.report;

import io.histoflow.segmentation.inference.Compute;
import io.histoflow.studies.cost.ModelCost;
import io.histoflow.studies.cost.SpeedTest;
import java.util.List;
import java.util.Locale;

/** What the model costs. */
public final class CostSection implements Section {

  private final ModelCost cost;

  public CostSection(ModelCost cost) {
    this.cost = cost;
  }

  @Override
  public String title() {
    return "Cost";
  }

  @Override
  public void write(Html html) {
    String caption =
        String.format(
            Locale.ROOT,
            "Tiles of %1$dx%1$d pixels on %2$s in %3$s, %4$d processors",
            SpeedTest.SIDE,
            cost.compute() == Compute.GPU ? "a GPU" : "a CPU",
            cost.precision().word(),
            cost.processors());
    HtmlTable table = HtmlTable.start(html, caption, List.of("what", "figure", ""));
    row(table, "parameters", "%.2f M", cost.parametersMillions(), "counted");
    row(table, "operations", "%.2f GFLOP", cost.gflops(), "counted: " + ModelCost.CONVENTION);
    row(table, "multiply-adds", "%.2f G", cost.gmacs(), "counted: half of the operations");
    row(
        table,
        "throughput",
        "%.1f images/s",
        cost.speed().imagesPerSecond(),
        "measured in batches of " + SpeedTest.BATCH);
    row(table, "latency, median", "%.1f ms", cost.speed().medianMillis(), "measured tile by tile");
    row(table, "latency, 95 %", "%.1f ms", cost.speed().p95Millis(), "measured tile by tile");
    row(
        table,
        "peak memory",
        "%.0f MB",
        cost.speed().peakMemoryMegabytes(),
        "measured: main memory of the whole process after the speed test");
    table.end();
  }

  private static void row(HtmlTable table, String what, String format, double value, String how) {
    table.row(what, List.of(Figures.number(format, value)), how);
  }
}
