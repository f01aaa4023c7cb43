package io.histoflow.loadtests.routing;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.loadtests.measuring.Bench;
import io.histoflow.loadtests.measuring.PictureOption;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether budgets hold and shifts are alarmed, through the real topology. */
@Command(
    name = "routing",
    description = {
      "Feeds synthetic scores through the real routing topology (Kafka Streams' test drivers stand"
          + " for the brokers, one for each partition).",
      "The stain of one scanner shifts at the middle, a new model comes at three quarters: does"
          + " every organ's share stay at the budget, and is the shift alarmed, and nothing else?"
    },
    mixinStandardHelpOptions = true)
public final class RoutingBenchCommand extends Bench<RoutingBenchSettings, RoutingBenchResult> {
  private static final RoutingBenchSettings DEFAULTS = RoutingBenchSettings.defaults();

  @Mixin private PictureOption picture;

  @Option(names = "--tiles", paramLabel = "N", description = "Tiles of all organs together.")
  private int tiles = DEFAULTS.tiles();

  @Option(names = "--organs", paramLabel = "N", description = "Organs.")
  private int organs = DEFAULTS.organs();

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Partitions of the tiles, each with a router of its own; as in production, 6.")
  private int partitions = DEFAULTS.partitions();

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the scores.")
  private long seed = DEFAULTS.seed();

  @Override
  protected RoutingBenchSettings settings() {
    return new RoutingBenchSettings(
        tiles,
        organs,
        partitions,
        DEFAULTS.budget(),
        DEFAULTS.referenceTiles(),
        DEFAULTS.driftWindowTiles(),
        seed);
  }

  @Override
  protected long steps(RoutingBenchSettings settings) {
    return settings.tiles();
  }

  @Override
  protected RoutingBenchResult measure(RoutingBenchSettings settings, Path folder, Task task)
      throws Exception {
    return new RoutingBench(settings, done -> task.update(done, settings.tiles(), "")).run(folder);
  }

  @Override
  protected void draw(RoutingBenchResult result, Path json) throws IOException {
    picture.draw(json, file -> RoutingBenchPlot.write(file, result));
  }

  @Override
  protected String table(RoutingBenchResult result) {
    Table organs = new Table("organ", "tiles", "routed", "share", "largest error", "alarmed after");
    for (RoutingBenchResult.Organ organ : result.organs()) {
      organs.row(
          organ.name(),
          organ.tiles(),
          organ.routed(),
          text("%.4f", organ.share()),
          text("%.4f", organ.largestError()),
          alarmed(organ));
    }
    Table all =
        new Table("all organs (synthetic scores)", "figure")
            .row("partitions", result.settings().partitions())
            .row("budget", text("%.3f", result.settings().budget()))
            .row("largest error of 500 tiles in a row", text("%.4f", result.maxBudgetError()))
            .row("routed tiles that an oracle routes too", text("%.3f", result.topShare()))
            .row("shifts alarmed", result.alarmed())
            .row("the last one after tiles", result.driftDetectedAfterTiles())
            .row("false alarms", result.falseAlarms())
            .row("tiles/s", text("%.0f", result.recordsPerSecond()));
    return organs + "\n" + all;
  }

  private static String alarmed(RoutingBenchResult.Organ organ) {
    if (!organ.stainChanges()) {
      return "no shift";
    }
    return organ.alarmedAfter() < 0 ? "never" : String.valueOf(organ.alarmedAfter());
  }
}
