package io.histoflow.loadtests.pipeline;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.inference.BatchSizing;
import io.histoflow.inference.InferenceService;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.loadtests.measuring.BenchTiles;
import io.histoflow.loadtests.measuring.BenchTiles.BenchTile;
import io.histoflow.loadtests.measuring.CpuClock;
import io.histoflow.loadtests.measuring.Latencies;
import io.histoflow.loadtests.measuring.Throughput;
import io.histoflow.loadtests.measuring.TilePipe;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Precision;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.weights.ModelSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the pipeline costs: tiles per second from topic to topic, through the real broker, registry
 * and inference service, beside the bare predictor loop on the same tiles, in one process and one
 * run. The two take turns, so that a machine that slows down slows down both.
 *
 * <p>A first round of both, in which the JVM compiles what runs often, does not count. Rates are
 * measured with all tiles published at once. Latency under such a load would measure the queue: it
 * is measured at an even load of half the pipeline's rate instead.
 *
 * @param asked what to measure
 * @param checkpoint the model that both run
 * @param progress told about each round
 */
public record PipelineBench(
    PipelineBenchSettings asked, Checkpoint checkpoint, ProgressListener progress) {
  private static final double LATENCY_LOAD = 0.5;
  private static final String PHASE = "pipeline bench";

  /**
   * Runs the benchmark.
   *
   * @param dataDir an empty folder for the model and the broker's and the registry's data
   * @return the rates and latencies
   * @throws BenchException when tiles get lost, come twice or the service stops
   * @throws IOException when the folder cannot be written
   */
  public PipelineBenchResult run(Path dataDir) throws IOException {
    Path model = dataDir.resolve("model.safetensors");
    checkpoint.save(model);
    Compute compute = Compute.parse(asked.device());
    try (Segmenter segmenter = Segmenter.open(checkpoint, compute, Precision.AUTO)) {
      PipelineBenchSettings settings =
          asked.batchSize() == BatchSizing.MEASURED
              ? asked.withBatchSize(BatchSizing.measure(segmenter))
              : asked;
      List<BenchTile> tiles =
          BenchTiles.draw(settings.tiles(), settings.tileSize(), settings.seed());
      BareLoop bare = new BareLoop(segmenter, compute, tiles, settings.batchSize());
      try (EmbeddedPlatform platform = EmbeddedPlatform.start(dataDir.resolve("platform"));
          InferenceService inference =
              new InferenceService(serviceConfig(platform.config(), model, settings))) {
        inference.start();
        try (TilePipe pipe =
            new TilePipe(platform.config(), () -> inference.state() != ServiceState.FAILED)) {
          return measure(settings, bare, pipe, tiles);
        }
      }
    }
  }

  private static ServiceConfig serviceConfig(
      ServiceConfig platform, Path model, PipelineBenchSettings settings) {
    return platform
        .with(ModelSettings.FILE, model)
        .with(ModelSettings.DEVICE, settings.device())
        .with(InferenceService.BACKGROUND_SKIP, false)
        .with(InferenceService.BATCH_SIZE, settings.batchSize());
  }

  private PipelineBenchResult measure(
      PipelineBenchSettings settings, BareLoop bare, TilePipe pipe, List<BenchTile> tiles) {
    int steps = 2 * settings.rounds() + 2;
    progress.onProgress(PHASE, 0, steps, "warming up");
    var unused = bare.run();
    pipe.flood(tiles);

    List<Throughput> raw = new ArrayList<>();
    List<Throughput> endToEnd = new ArrayList<>();
    for (int round = 0; round < settings.rounds(); round++) {
      progress.onProgress(PHASE, 2 * round + 1, steps, "bare predictor loop");
      raw.add(bare.run());
      progress.onProgress(PHASE, 2 * round + 2, steps, "topic to topic");
      double cpu = CpuClock.seconds();
      double seconds = pipe.flood(tiles).seconds();
      endToEnd.add(new Throughput(tiles.size(), seconds, CpuClock.seconds() - cpu));
    }

    double load = LATENCY_LOAD * Throughput.rates(endToEnd).median();
    progress.onProgress(PHASE, steps - 1, steps, "latency at half load");
    Latencies latencies = Latencies.of(pipe.paced(tiles, load).latencyNanos());
    progress.onProgress(PHASE, steps, steps, "done");
    return new PipelineBenchResult(
        settings,
        checkpoint.modelId(),
        Runtime.getRuntime().availableProcessors(),
        raw,
        endToEnd,
        load,
        latencies.percentileMillis(50),
        latencies.percentileMillis(99));
  }
}
