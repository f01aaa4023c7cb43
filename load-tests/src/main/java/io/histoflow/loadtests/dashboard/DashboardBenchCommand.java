package io.histoflow.loadtests.dashboard;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.loadtests.measuring.Bench;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a reader waits for on the dashboard. */
@Command(
    name = "dashboard",
    description =
        "What a reader waits for on the dashboard: from a verdict to the next tile painted, on a"
            + " fast and on a slow line; whether alerts that come move what is looked at; frames"
            + " while a long list is scrolled and while strokes are drawn; memory. The real service"
            + " and a headless Chromium, which must be on the path; both on the same cores, and"
            + " pixels drawn by the CPU.",
    mixinStandardHelpOptions = true)
public final class DashboardBenchCommand
    extends Bench<DashboardBenchSettings, DashboardBenchResult> {
  private static final DashboardBenchSettings DEFAULTS = DashboardBenchSettings.defaults();

  @Option(
      names = "--alerts",
      paramLabel = "N",
      description = "Open alerts while verdicts are given (5000).")
  private int alerts = DEFAULTS.alerts();

  @Option(
      names = "--listed",
      paramLabel = "N",
      description = "Open alerts while the list is scrolled (50000).")
  private int listed = DEFAULTS.listed();

  @Option(
      names = "--verdicts",
      paramLabel = "N",
      description = "Verdicts of each kind on each line (20).")
  private int verdicts = DEFAULTS.verdicts();

  @Option(
      names = "--tiles",
      paramLabel = "N",
      description = "Tiles opened one after the other for memory (200).")
  private int tiles = DEFAULTS.tiles();

  @Option(
      names = "--look-millis",
      paramLabel = "MS",
      description = "How long the reader looks at a tile before deciding (2000).")
  private int lookMillis = DEFAULTS.lookMillis();

  @Override
  protected DashboardBenchSettings settings() {
    return new DashboardBenchSettings(alerts, listed, verdicts, tiles, lookMillis, DEFAULTS.seed());
  }

  @Override
  protected DashboardBenchResult measure(DashboardBenchSettings settings, Path folder, Task task)
      throws Exception {
    return new DashboardBench(settings, task).run(folder);
  }

  @Override
  protected Table table(DashboardBenchResult result) {
    Table table = new Table("dashboard", "median", "p95", "goal");
    row(table, "verdict to next painted, ms", result.fast().all(), "100");
    row(table, "  confirmed", result.fast().confirmed(), "");
    row(table, "  corrected", result.fast().corrected(), "");
    row(table, "the same at 4 Mbit/s and 100 ms", result.slow().all(), "150");
    row(table, "  confirmed", result.slow().confirmed(), "");
    row(table, "  corrected", result.slow().corrected(), "");
    row(table, "frame while 30 alerts a second come, ms", result.live().frames().millis(), "");
    table
        .row("  frames in which the list moved", result.live().framesMoved(), "", "0")
        .row("  tasks of 50 ms and more", result.live().longTasks(), "", "")
        .row("  alerts told to be above", result.live().toldAbove(), "", "");
    row(
        table,
        "frame while " + result.rows() + " rows are scrolled, ms",
        result.scrolling().millis(),
        "");
    table
        .row("  frames a second", text("%.1f", result.scrolling().perSecond()), "", "60")
        .row(
            "  main thread for a frame, ms",
            text("%.1f", result.scrolling().mainThreadMillis()),
            "",
            "16.7");
    result
        .strokes()
        .forEach(
            (edge, stroke) -> {
              row(table, "stroke on " + edge + " px, ms", stroke.millis(), "");
              table.row(
                  "  main thread for a frame, ms",
                  text("%.1f", stroke.frames().mainThreadMillis()),
                  "",
                  "");
            });
    return table
        .row(
            "memory after " + result.settings().tiles() + " tiles, MB",
            text("%.0f", result.memory().end().rendererBytes() / 1e6),
            "",
            "")
        .row("  times that after 20", text("%.2f", result.memory().ratio()), "", "1.05")
        .row(
            "  of it live in scripts, MB",
            text("%.1f", result.memory().end().heapBytes() / 1e6),
            "",
            "");
  }

  private static void row(Table table, String what, List<Double> millis, String goal) {
    table.row(
        what,
        text("%.1f", DashboardBenchResult.percentile(millis, 50)),
        text("%.1f", DashboardBenchResult.percentile(millis, 95)),
        goal);
  }
}
