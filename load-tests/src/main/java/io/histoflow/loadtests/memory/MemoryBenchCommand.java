package io.histoflow.loadtests.memory;

import static io.histoflow.commandline.Figures.text;

import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.loadtests.measuring.Bench;
import io.histoflow.loadtests.measuring.OwnProgram;
import io.histoflow.loadtests.measuring.PictureOption;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How much memory an inference worker takes. */
@Command(
    name = "memory",
    description = {
      "Memory in RAM (RSS) of one inference worker with the light model that ships, in a process of"
          + " its own, as 'histoflow infer' starts it: after a warm-up, after many small tiles, and"
          + " the peak, which a few large tiles make at the end. Needs Linux."
    },
    mixinStandardHelpOptions = true)
public final class MemoryBenchCommand extends Bench<MemoryBenchSettings, MemoryBenchResult> {
  private static final double MEGABYTE = 1e6;

  private static final MemoryBenchSettings DEFAULTS = MemoryBenchSettings.defaults();

  @Mixin private PictureOption picture;

  @Option(names = "--tiles", paramLabel = "N", description = "Small tiles (20000).")
  private int tiles = DEFAULTS.tiles();

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "Small tiles after which memory is first read (1000).")
  private int warmUp = DEFAULTS.warmUpTiles();

  @Option(names = "--tile-size", paramLabel = "PIXELS", description = "Edge of a small tile (64).")
  private int tileSize = DEFAULTS.tileSize();

  @Option(names = "--large-tiles", paramLabel = "N", description = "Large tiles (100).")
  private int largeTiles = DEFAULTS.largeTiles();

  @Option(
      names = "--large-tile-size",
      paramLabel = "PIXELS",
      description = "Edge of a large tile (1024).")
  private int largeTileSize = DEFAULTS.largeTileSize();

  @Override
  protected MemoryBenchSettings settings() {
    return new MemoryBenchSettings(
        tiles,
        warmUp,
        tileSize,
        largeTiles,
        largeTileSize,
        DEFAULTS.sampleEvery(),
        DEFAULTS.seed());
  }

  @Override
  protected long steps(MemoryBenchSettings settings) {
    return (long) settings.tiles() + settings.largeTiles();
  }

  @Override
  protected MemoryBenchResult measure(MemoryBenchSettings settings, Path folder, Task task)
      throws Exception {
    return new MemoryBench(
            settings,
            (config, log) ->
                OwnProgram.command("inference worker", log, "infer", "--config", config.toString()),
            task)
        .run(folder);
  }

  @Override
  protected void draw(MemoryBenchResult result, Path json) throws IOException {
    picture.draw(json, file -> MemoryBenchPlot.write(file, result));
  }

  @Override
  protected Table table(MemoryBenchResult result) {
    MemoryBenchSettings settings = result.settings();
    return new Table("memory of an inference worker in RAM", "MB")
        .row(
            "after %d tiles of %d pixels".formatted(settings.warmUpTiles(), settings.tileSize()),
            megabytes(result.rssAfterWarmUpBytes()))
        .row("after %d".formatted(settings.tiles()), megabytes(result.rssAtEndBytes()))
        .row("ratio", text("%.3f", result.ratio()))
        .row(
            "peak, with %d tiles of %d pixels"
                .formatted(settings.largeTiles(), settings.largeTileSize()),
            megabytes(result.peakRssBytes()));
  }

  private static String megabytes(long bytes) {
    return text("%.0f", bytes / MEGABYTE);
  }
}
