package io.histoflow.loadtests.feed;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.inference.InferenceService;
import io.histoflow.launcher.stack.Stack;
import io.histoflow.loadtests.measuring.Bench;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.ReviewSettings;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What browsers on live updates cost. */
@Command(
    name = "feed",
    description =
        "Tiles per second from topic to topic through all that 'up' runs, with none and with many"
            + " browsers on the dashboard's live updates, in turns. The browsers are a process of"
            + " their own that asks for what the page asks for; it runs on the same cores.",
    mixinStandardHelpOptions = true)
public final class FeedBenchCommand extends Bench<FeedBenchSettings, FeedBenchResult> {
  private static final FeedBenchSettings DEFAULTS = FeedBenchSettings.defaults();

  @Option(names = "--clients", paramLabel = "N", description = "Browsers, 1 to 64 (50).")
  private int clients = DEFAULTS.clients();

  @Option(names = "--tiles", paramLabel = "N", description = "Tiles in each turn (200).")
  private int tiles = DEFAULTS.tiles();

  @Option(names = "--tile-size", paramLabel = "PIXELS", description = "Edge of a tile (256).")
  private int tileSize = DEFAULTS.tileSize();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Turns without and turns with browsers (5).")
  private int rounds = DEFAULTS.rounds();

  @Override
  protected FeedBenchSettings settings() {
    return new FeedBenchSettings(clients, tiles, tileSize, rounds, DEFAULTS.seed());
  }

  @Override
  protected FeedBenchResult measure(FeedBenchSettings settings, Path folder, Task task)
      throws Exception {
    ServiceConfig overrides =
        ServiceConfig.of(Map.of())
            .with(InferenceService.BACKGROUND_SKIP, false)
            .with(ReviewSettings.PORT, 0);
    try (Stack stack = Stack.start(folder, overrides, line -> {})) {
      stack.startFineTuning(Map.of());
      FeedBench.Subject subject =
          new FeedBench.Subject(stack.config(), stack.dashboard(), () -> stack.failure().isEmpty());
      return new FeedBench(settings, subject, task).run(folder);
    }
  }

  @Override
  protected Table table(FeedBenchResult result) {
    return new Table("live updates", "no browser", result.settings().clients() + " browsers")
        .row(
            "topic to topic, tiles/s",
            text("%.2f", result.tilesPerSecond()),
            text("%.2f", result.tilesPerSecondWithClients()))
        .row("ratio", "", result.ratio().text())
        .row(
            "CPU time of a tile, all services, ms",
            text("%.2f", result.cpuMillisPerTile()),
            text("%.2f", result.cpuMillisPerTileWithClients()))
        .row("ratio by CPU time", "", text("%.2f", result.cpuRatio()))
        .row(
            "the browsers' own CPU time, ms a tile",
            "",
            text("%.2f", result.browserCpuMillisPerTile()))
        .row("events of a browser in a turn", "", text("%.2f", result.eventsPerClient()))
        .row("of them alerts", "", text("%.2f", result.alertsPerClient()));
  }
}
