package io.histoflow.loadtests.memory;

import io.histoflow.commandline.Table;
import io.histoflow.loadtests.measuring.BenchRun;
import io.histoflow.loadtests.measuring.OwnProgram;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
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
public final class MemoryBenchCommand implements Callable<Integer> {
  private static final double MEGABYTE = 1e6;

  @Mixin private BenchRun bench;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw memory over tiles as PNG; without it beside the JSON file.")
  private Path plot;

  @Option(names = "--tiles", paramLabel = "N", description = "Small tiles (20000).")
  private Integer tiles;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "Small tiles after which memory is first read (1000).")
  private Integer warmUp;

  @Option(names = "--tile-size", paramLabel = "PIXELS", description = "Edge of a small tile (64).")
  private Integer tileSize;

  @Option(names = "--large-tiles", paramLabel = "N", description = "Large tiles (100).")
  private Integer largeTiles;

  @Option(
      names = "--large-tile-size",
      paramLabel = "PIXELS",
      description = "Edge of a large tile (1024).")
  private Integer largeTileSize;

  @Override
  public Integer call() throws Exception {
    MemoryBenchSettings settings = bench.settings(this::settings);
    MemoryBenchResult result =
        bench.measure(
            (long) settings.tiles() + settings.largeTiles(),
            (folder, task) ->
                new MemoryBench(
                        settings,
                        (config, log) ->
                            OwnProgram.command(
                                "inference worker", log, "infer", "--config", config.toString()),
                        (phase, done, total, note) -> task.update(done, total, note))
                    .run(folder));
    bench.show(table(result), result.toJson());
    Optional<Path> picture = bench.picture(plot);
    if (picture.isPresent()) {
      MemoryBenchPlot.write(picture.get(), result);
    }
    return 0;
  }

  private MemoryBenchSettings settings() {
    MemoryBenchSettings defaults = MemoryBenchSettings.defaults();
    return new MemoryBenchSettings(
        tiles == null ? defaults.tiles() : tiles,
        warmUp == null ? defaults.warmUpTiles() : warmUp,
        tileSize == null ? defaults.tileSize() : tileSize,
        largeTiles == null ? defaults.largeTiles() : largeTiles,
        largeTileSize == null ? defaults.largeTileSize() : largeTileSize,
        defaults.sampleEvery(),
        defaults.seed());
  }

  private static Table table(MemoryBenchResult result) {
    MemoryBenchSettings settings = result.settings();
    return new Table("memory of an inference worker in RAM", "MB")
        .row(
            "after %d tiles of %d pixels".formatted(settings.warmUpTiles(), settings.tileSize()),
            megabytes(result.rssAfterWarmUpBytes()))
        .row("after %d".formatted(settings.tiles()), megabytes(result.rssAtEndBytes()))
        .row("ratio", String.format(Locale.ROOT, "%.3f", result.ratio()))
        .row(
            "peak, with %d tiles of %d pixels"
                .formatted(settings.largeTiles(), settings.largeTileSize()),
            megabytes(result.peakRssBytes()));
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.0f", bytes / MEGABYTE);
  }
}
