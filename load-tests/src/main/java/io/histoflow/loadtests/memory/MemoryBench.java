package io.histoflow.loadtests.memory;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.inference.InferenceService;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.loadtests.measuring.BenchTiles;
import io.histoflow.loadtests.measuring.BenchTiles.BenchTile;
import io.histoflow.loadtests.measuring.ResidentMemory;
import io.histoflow.loadtests.measuring.TilePipe;
import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.lifecycle.ChildCommand;
import io.histoflow.platform.lifecycle.ChildProcess;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.ModelSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How much memory an inference worker takes, and whether it grows: a worker in a process of its own
 * segments many small tiles from a real broker, then some large ones, and its process's memory is
 * read on the way.
 *
 * @param settings what to measure
 * @param worker how a worker is started
 * @param progress told about each reading
 */
public record MemoryBench(
    MemoryBenchSettings settings, WorkerProgram worker, ProgressListener progress) {
  private static final String PHASE = "memory bench";
  private static final int DRAWN_TILES = 16;
  private static final int DRAWN_LARGE_TILES = 2;
  private static final Duration GENTLE_END = Duration.ofSeconds(30);

  /** How a worker is started. */
  @FunctionalInterface
  public interface WorkerProgram {
    /**
     * Returns the command.
     *
     * @param config the worker's configuration file
     * @param log where its output goes
     */
    ChildCommand command(Path config, Path log);
  }

  /**
   * Runs the benchmark.
   *
   * @param dataDir an empty folder for the broker's and the registry's data
   * @throws BenchException when tiles get lost, come twice, the worker stops or the machine does
   *     not tell its memory
   */
  public MemoryBenchResult run(Path dataDir) {
    ResidentMemory.of(ProcessHandle.current().pid());
    Path file = dataDir.resolve("worker.properties");
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(dataDir.resolve("platform"))) {
      config(platform).save(file);
      ChildCommand command = worker.command(file, dataDir.resolve("worker.log"));
      try (ChildProcess process = ChildProcess.start(command, GENTLE_END);
          TilePipe pipe = new TilePipe(platform.config(), process::isAlive)) {
        return new Run(pipe, process.pid()).measure();
      }
    }
  }

  private static ServiceConfig config(EmbeddedPlatform platform) {
    return platform
        .config()
        .with(ModelSettings.DEVICE, "cpu")
        .with(InferenceService.BACKGROUND_SKIP, false)
        .with(CommonSettings.WORKER_ID, "bench-memory");
  }

  /** One run over all tiles. */
  private final class Run {
    private final TilePipe pipe;
    private final long pid;
    private final List<MemorySample> samples = new ArrayList<>();
    private int answered;

    Run(TilePipe pipe, long pid) {
      this.pipe = pipe;
      this.pid = pid;
    }

    MemoryBenchResult measure() {
      progress.onProgress(PHASE, 0, total(), "starting the worker");
      List<BenchTile> small = BenchTiles.draw(DRAWN_TILES, settings.tileSize(), settings.seed());
      long afterWarmUp = flood(small, settings.tileSize(), settings.warmUpTiles());
      long atEnd = flood(small, settings.tileSize(), settings.tiles() - settings.warmUpTiles());
      if (settings.largeTiles() > 0) {
        flood(
            BenchTiles.draw(DRAWN_LARGE_TILES, settings.largeTileSize(), settings.seed()),
            settings.largeTileSize(),
            settings.largeTiles());
      }
      return new MemoryBenchResult(
          settings,
          Checkpoint.shipped().modelId(),
          Runtime.getRuntime().availableProcessors(),
          afterWarmUp,
          atEnd,
          ResidentMemory.of(pid).peakBytes(),
          samples);
    }

    /** Returns the memory after the last tile. */
    private long flood(List<BenchTile> drawn, int tileSize, int count) {
      int end = answered + count;
      while (answered < end) {
        int next = Math.min(settings.sampleEvery(), end - answered);
        pipe.flood(BenchTiles.repeat(drawn, next));
        answered += next;
        samples.add(new MemorySample(answered, tileSize, ResidentMemory.of(pid).bytes()));
        progress.onProgress(PHASE, answered, total(), "tiles of " + tileSize + " pixels");
      }
      return samples.get(samples.size() - 1).rssBytes();
    }

    private int total() {
      return settings.tiles() + settings.largeTiles();
    }
  }
}
