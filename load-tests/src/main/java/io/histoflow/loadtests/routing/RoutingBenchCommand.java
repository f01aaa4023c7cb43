package io.histoflow.loadtests.routing;

import io.histoflow.commandline.Table;
import io.histoflow.loadtests.measuring.BenchRun;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether budgets hold and shifts are alarmed, through the real topology. */
@Command(
    name = "routing",
    description = {
      "Feeds synthetic scores through the real routing topology (Kafka Streams' test drivers stand"
          + " for the brokers, one for each partition).",
      "The stain of one scanner shifts at the middle, a new model comes at three quarters: does every"
          + " organ's share stay at the budget, and is the shift alarmed, and nothing else?"
    },
    mixinStandardHelpOptions = true)
public final class RoutingBenchCommand implements Callable<Integer> {
  @Mixin private BenchRun bench;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw shares and alarms as PNG; without it beside the JSON file.")
  private Path plot;

  @Option(names = "--tiles", paramLabel = "N", description = "Tiles of all organs together.")
  private Integer tiles;

  @Option(names = "--organs", paramLabel = "N", description = "Organs.")
  private Integer organs;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Partitions of the tiles, each with a router of its own; as in production, 6.")
  private Integer partitions;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the scores.")
  private Long seed;

  @Override
  public Integer call() throws Exception {
    RoutingBenchSettings settings = bench.settings(this::settings);
    RoutingBenchResult result =
        bench.measure(
            settings.tiles(),
            (folder, task) ->
                new RoutingBench(settings, done -> task.update(done, settings.tiles(), ""))
                    .run(folder));
    bench.show(table(result), result.toJson());
    Optional<Path> picture = bench.picture(plot);
    if (picture.isPresent()) {
      RoutingBenchPlot.write(picture.get(), result);
    }
    return 0;
  }

  private RoutingBenchSettings settings() {
    RoutingBenchSettings defaults = RoutingBenchSettings.defaults();
    return new RoutingBenchSettings(
        tiles == null ? defaults.tiles() : tiles,
        organs == null ? defaults.organs() : organs,
        partitions == null ? defaults.partitions() : partitions,
        defaults.budget(),
        defaults.referenceTiles(),
        defaults.driftWindowTiles(),
        seed == null ? defaults.seed() : seed);
  }

  private static String table(RoutingBenchResult result) {
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

  private static String text(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }
}
