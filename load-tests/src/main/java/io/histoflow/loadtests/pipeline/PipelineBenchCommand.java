package io.histoflow.loadtests.pipeline;

import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.Table;
import io.histoflow.loadtests.measuring.BenchRun;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Topic to topic beside the bare predictor loop. */
@Command(
    name = "pipeline",
    description =
        "Tiles per second from topic to topic beside the bare predictor loop, on synthetic tiles.",
    mixinStandardHelpOptions = true)
public final class PipelineBenchCommand implements Callable<Integer> {
  @Mixin private BenchRun bench;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "Checkpoint to measure; without it the light model that ships.")
  private Path model;

  @Option(names = "--tiles", paramLabel = "N", description = "Tiles in each round.")
  private Integer tiles;

  @Option(names = "--tile-size", paramLabel = "PIXELS", description = "Edge of a tile.")
  private Integer tileSize;

  @Mixin private DeviceOption device;

  @Override
  public Integer call() throws Exception {
    Checkpoint checkpoint = model == null ? Checkpoint.shipped() : Checkpoint.load(model);
    PipelineBenchSettings settings = bench.settings(this::settings);
    PipelineBenchResult result =
        bench.measure(
            0,
            (folder, task) ->
                new PipelineBench(
                        settings,
                        checkpoint,
                        (phase, done, total, note) -> task.update(done, total, note))
                    .run(folder));
    bench.show(table(result), result.toJson());
    return 0;
  }

  private PipelineBenchSettings settings() {
    PipelineBenchSettings defaults = PipelineBenchSettings.defaults();
    return new PipelineBenchSettings(
        tiles == null ? defaults.tiles() : tiles,
        tileSize == null ? defaults.tileSize() : tileSize,
        defaults.batchSize(),
        defaults.rounds(),
        device.compute().name().toLowerCase(Locale.ROOT),
        defaults.seed());
  }

  private static Table table(PipelineBenchResult result) {
    return new Table("pipeline", "median")
        .row("bare predictor loop, tiles/s", number(result.rawTilesPerSecond()))
        .row("topic to topic, tiles/s", number(result.endToEndTilesPerSecond()))
        .row("ratio", number(result.ratio()))
        .row("highest ratio that the cores allow", number(result.limit()))
        .row("CPU time of a tile, bare, ms", number(result.rawCpuMillisPerTile()))
        .row("CPU time of a tile, topic to topic, ms", number(result.endToEndCpuMillisPerTile()))
        .row("a batch of the bare loop, ms", number(result.batchMillis()))
        .row("latency p50 at half load, ms", number(result.p50Millis()))
        .row("latency p99 at half load, ms", number(result.p99Millis()));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
