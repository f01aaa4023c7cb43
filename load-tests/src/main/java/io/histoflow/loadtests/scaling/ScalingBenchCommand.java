package io.histoflow.loadtests.scaling;

import io.histoflow.commandline.Table;
import io.histoflow.loadtests.measuring.BenchRun;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What more inference workers win. */
@Command(
    name = "scaling",
    description =
        "Tiles per second from topic to topic with more and more inference workers; in place of the"
            + " network each has a device that takes a fixed time and no CPU.",
    mixinStandardHelpOptions = true)
public final class ScalingBenchCommand implements Callable<Integer> {
  @Mixin private BenchRun bench;

  @Option(
      names = "--workers",
      split = ",",
      paramLabel = "N",
      description = "Numbers of workers, ascending (1,2,4,8).")
  private List<Integer> workers;

  @Option(
      names = "--tiles-per-worker",
      paramLabel = "N",
      description = "Tiles for each worker in each round (800).")
  private Integer tilesPerWorker;

  @Option(
      names = "--device-millis",
      paramLabel = "MS",
      description = "The device's time for one tile in milliseconds (20).")
  private Integer deviceMillis;

  @Option(names = "--rounds", paramLabel = "N", description = "Rounds of each number (1).")
  private Integer rounds;

  @Override
  public Integer call() throws Exception {
    ScalingBenchSettings settings = bench.settings(this::settings);
    ScalingBenchResult result =
        bench.measure(
            0,
            (folder, task) ->
                new ScalingBench(
                        settings,
                        Checkpoint.shipped(),
                        (phase, done, total, note) -> task.update(done, total, note))
                    .run(folder));
    bench.show(table(result), result.toJson());
    return 0;
  }

  private ScalingBenchSettings settings() {
    ScalingBenchSettings defaults = ScalingBenchSettings.defaults();
    return new ScalingBenchSettings(
        workers == null ? defaults.workers() : workers,
        tilesPerWorker == null ? defaults.tilesPerWorker() : tilesPerWorker,
        defaults.tileSize(),
        deviceMillis == null ? defaults.perTile() : Duration.ofMillis(deviceMillis),
        defaults.partitions(),
        rounds == null ? defaults.rounds() : rounds,
        defaults.seed());
  }

  private static Table table(ScalingBenchResult result) {
    Table table = new Table("workers", "tiles/s", "times as fast");
    result
        .tilesPerSecond()
        .forEach(
            (count, rate) ->
                table.row(count, number("%.1f", rate), number("%.2f", result.speedUp(count))));
    table.row("one slide's tiles by worker, least and most", shares(result), "");
    table.row(
        "a second worker under load is felt after, s",
        number("%.1f", result.addedFeltAfterSeconds()),
        "");
    return table;
  }

  private static String shares(ScalingBenchResult result) {
    return String.format(
        Locale.ROOT, "%.2f, %.2f of an even share", result.leastShare(), result.mostShare());
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
