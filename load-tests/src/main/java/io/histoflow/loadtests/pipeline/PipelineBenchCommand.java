package io.histoflow.loadtests.pipeline;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.ModelOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.loadtests.measuring.Bench;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Topic to topic beside the bare predictor loop. */
@Command(
    name = "pipeline",
    description =
        "Tiles per second from topic to topic beside the bare predictor loop, on synthetic tiles.",
    mixinStandardHelpOptions = true)
public final class PipelineBenchCommand extends Bench<PipelineBenchSettings, PipelineBenchResult> {
  private static final PipelineBenchSettings DEFAULTS = PipelineBenchSettings.defaults();

  @Mixin private ModelOption model;

  @Option(names = "--tiles", paramLabel = "N", description = "Tiles in each round.")
  private int tiles = DEFAULTS.tiles();

  @Option(names = "--tile-size", paramLabel = "PIXELS", description = "Edge of a tile.")
  private int tileSize = DEFAULTS.tileSize();

  @Option(names = "--rounds", paramLabel = "N", description = "How often both take turns.")
  private int rounds = DEFAULTS.rounds();

  @Mixin private DeviceOption device;

  @Override
  protected PipelineBenchSettings settings() {
    return new PipelineBenchSettings(
        tiles,
        tileSize,
        DEFAULTS.batchSize(),
        rounds,
        device.compute().name().toLowerCase(Locale.ROOT),
        DEFAULTS.seed());
  }

  @Override
  protected PipelineBenchResult measure(PipelineBenchSettings settings, Path folder, Task task)
      throws Exception {
    return new PipelineBench(settings, model.load(), task).run(folder);
  }

  @Override
  protected Table table(PipelineBenchResult result) {
    return new Table("pipeline", "median")
        .row("bare predictor loop, tiles/s", text("%.2f", result.rawTilesPerSecond()))
        .row("topic to topic, tiles/s", text("%.2f", result.endToEndTilesPerSecond()))
        .row("ratio", result.ratio().text())
        .row("highest ratio that the cores allow", text("%.2f", result.limit()))
        .row("CPU time of a tile, bare, ms", text("%.2f", result.rawCpuMillisPerTile()))
        .row(
            "CPU time of a tile, topic to topic, ms",
            text("%.2f", result.endToEndCpuMillisPerTile()))
        .row("a batch of the bare loop, ms", text("%.2f", result.batchMillis()))
        .row("latency p50 at half load, ms", text("%.2f", result.p50Millis()))
        .row("latency p99 at half load, ms", text("%.2f", result.p99Millis()));
  }
}
