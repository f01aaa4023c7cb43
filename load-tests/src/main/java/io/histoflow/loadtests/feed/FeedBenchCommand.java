package io.histoflow.loadtests.feed;

import io.histoflow.commandline.Table;
import io.histoflow.inference.InferenceService;
import io.histoflow.launcher.stack.Stack;
import io.histoflow.loadtests.measuring.BenchRun;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.ReviewSettings;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What browsers on live updates cost. */
@Command(
    name = "feed",
    description =
        "Tiles per second from topic to topic through all that 'up' runs, with none and with many"
            + " browsers on the dashboard's live updates, in turns. The browsers are a process of"
            + " their own that asks for what the page asks for; it runs on the same cores.",
    mixinStandardHelpOptions = true)
public final class FeedBenchCommand implements Callable<Integer> {
  @Mixin private BenchRun bench;

  @Option(names = "--clients", paramLabel = "N", description = "Browsers, 1 to 64 (50).")
  private Integer clients;

  @Option(names = "--tiles", paramLabel = "N", description = "Tiles in each turn (400).")
  private Integer tiles;

  @Option(names = "--tile-size", paramLabel = "PIXELS", description = "Edge of a tile (256).")
  private Integer tileSize;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Turns without and turns with browsers (3).")
  private Integer rounds;

  @Override
  public Integer call() throws Exception {
    FeedBenchSettings settings = bench.settings(this::settings);
    ServiceConfig overrides =
        ServiceConfig.of(Map.of())
            .with(InferenceService.BACKGROUND_SKIP, false)
            .with(ReviewSettings.PORT, 0);
    FeedBenchResult result =
        bench.measure(
            0,
            (folder, task) -> {
              try (Stack stack = Stack.start(folder, overrides, line -> {})) {
                stack.startFineTuning(Map.of());
                FeedBench.Subject subject =
                    new FeedBench.Subject(
                        stack.config(), stack.dashboard(), () -> stack.failure().isEmpty());
                return new FeedBench(
                        settings,
                        subject,
                        (phase, done, total, note) -> task.update(done, total, note))
                    .run(folder);
              }
            });
    bench.show(table(result), result.toJson());
    return 0;
  }

  private FeedBenchSettings settings() {
    FeedBenchSettings defaults = FeedBenchSettings.defaults();
    return new FeedBenchSettings(
        clients == null ? defaults.clients() : clients,
        tiles == null ? defaults.tiles() : tiles,
        tileSize == null ? defaults.tileSize() : tileSize,
        rounds == null ? defaults.rounds() : rounds,
        defaults.seed());
  }

  private static Table table(FeedBenchResult result) {
    return new Table("live updates", "no browser", result.settings().clients() + " browsers")
        .row(
            "topic to topic, tiles/s",
            number(result.tilesPerSecond()),
            number(result.tilesPerSecondWithClients()))
        .row("ratio", "", number(result.ratio()))
        .row(
            "CPU time of a tile, all services, ms",
            number(result.cpuMillisPerTile()),
            number(result.cpuMillisPerTileWithClients()))
        .row("ratio by CPU time", "", number(result.cpuRatio()))
        .row("the browsers' own CPU time, ms a tile", "", number(result.browserCpuMillisPerTile()))
        .row("events of a browser in a turn", "", number(result.eventsPerClient()))
        .row("of them alerts", "", number(result.alertsPerClient()));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
