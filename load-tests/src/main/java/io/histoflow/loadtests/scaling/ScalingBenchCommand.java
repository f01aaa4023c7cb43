package io.histoflow.loadtests.scaling;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.loadtests.measuring.Bench;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What more inference workers win. */
@Command(
    name = "scaling",
    description =
        "Tiles per second from topic to topic with more and more inference workers; in place of the"
            + " network each has a device that takes a fixed time and no CPU.",
    mixinStandardHelpOptions = true)
public final class ScalingBenchCommand extends Bench<ScalingBenchSettings, ScalingBenchResult> {
  private static final ScalingBenchSettings DEFAULTS = ScalingBenchSettings.defaults();

  @Option(
      names = "--workers",
      split = ",",
      paramLabel = "N",
      description = "Numbers of workers, ascending (1,2,4,8).")
  private List<Integer> workers = DEFAULTS.workers();

  @Option(
      names = "--tiles-per-worker",
      paramLabel = "N",
      description = "Tiles for each worker in each round (800).")
  private int tilesPerWorker = DEFAULTS.tilesPerWorker();

  @Option(
      names = "--device-millis",
      paramLabel = "MS",
      description = "The device's time for one tile in milliseconds (20).")
  private long deviceMillis = DEFAULTS.perTile().toMillis();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often all numbers take turns (3).")
  private int rounds = DEFAULTS.rounds();

  @Override
  protected ScalingBenchSettings settings() {
    return new ScalingBenchSettings(
        workers,
        tilesPerWorker,
        DEFAULTS.tileSize(),
        Duration.ofMillis(deviceMillis),
        DEFAULTS.partitions(),
        rounds,
        DEFAULTS.seed());
  }

  @Override
  protected ScalingBenchResult measure(ScalingBenchSettings settings, Path folder, Task task)
      throws Exception {
    return new ScalingBench(settings, Checkpoint.shipped(), task).run(folder);
  }

  @Override
  protected Table table(ScalingBenchResult result) {
    Table table = new Table("workers", "tiles/s", "times as fast");
    for (int count : result.settings().workers()) {
      table.row(count, text("%.1f", result.tilesPerSecond(count)), result.speedUp(count).text());
    }
    table.row("one slide's tiles by worker, least and most", shares(result), "");
    table.row(
        "a second worker under load is felt after, s",
        text("%.1f", result.addedFeltAfterSeconds()),
        "");
    return table;
  }

  private static String shares(ScalingBenchResult result) {
    return text("%.2f, %.2f of an even share", result.leastShare(), result.mostShare());
  }
}
