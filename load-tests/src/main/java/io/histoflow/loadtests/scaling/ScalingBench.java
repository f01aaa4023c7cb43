package io.histoflow.loadtests.scaling;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.inference.InferenceService;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.loadtests.measuring.BenchTiles;
import io.histoflow.loadtests.measuring.BenchTiles.BenchTile;
import io.histoflow.loadtests.measuring.TilePipe;
import io.histoflow.loadtests.measuring.Waiting;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.ModelSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;

/**
 * What more workers win: tiles per second from topic to topic through real workers, broker and
 * registry, with a {@link FixedTimeNetwork} in each worker, so that the machine's cores do not
 * decide. All tiles of a round are of one slide. Then a second worker joins one that has more to do
 * than it can.
 *
 * @param settings what to measure
 * @param checkpoint whose weights the workers pretend to run
 * @param progress told about each step
 */
public record ScalingBench(
    ScalingBenchSettings settings, Checkpoint checkpoint, ProgressListener progress) {
  private static final String PHASE = "scaling bench";
  private static final int DRAWN_TILES = 16;

  /**
   * Runs the benchmark.
   *
   * @param dataDir an empty folder for the model and the broker's and the registry's data
   * @throws BenchException when tiles get lost, come twice or a worker stops
   * @throws IOException when the folder cannot be written
   */
  public ScalingBenchResult run(Path dataDir) throws IOException {
    Path model = dataDir.resolve("model.safetensors");
    checkpoint.save(model);
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(dataDir.resolve("platform"));
        Admin admin = new KafkaClients(platform.config(), "bench").admin()) {
      share(admin, settings.partitions());
      return measure(
          platform
              .config()
              .with(ModelSettings.FILE, model)
              .with(ModelSettings.DEVICE, "cpu")
              .with(InferenceService.BACKGROUND_SKIP, false),
          admin);
    } catch (ExecutionException e) {
      throw new BenchException("The bench could not go on: " + e.getCause().getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("The bench was interrupted.");
    }
  }

  private static void share(Admin admin, int partitions)
      throws ExecutionException, InterruptedException {
    String topic = Topics.TILES_SCANNED.name();
    int present =
        admin.describeTopics(Set.of(topic)).allTopicNames().get().get(topic).partitions().size();
    if (present < partitions) {
      admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all().get();
    }
  }

  private ScalingBenchResult measure(ServiceConfig config, Admin admin)
      throws ExecutionException, InterruptedException {
    List<BenchTile> drawn = BenchTiles.draw(DRAWN_TILES, settings.tileSize(), settings.seed());
    int steps = settings.workers().size() * settings.rounds() + 1;
    Map<Integer, List<Double>> rates = new TreeMap<>();
    List<Long> slide = List.of();
    int done = 0;
    for (int round = 0; round < settings.rounds(); round++) {
      for (int count : settings.workers()) {
        progress.onProgress(PHASE, done++, steps, count + " workers");
        try (WorkerFleet workers = new WorkerFleet(config, settings.perTile());
            TilePipe pipe = new TilePipe(config, workers::isAlive)) {
          workers.add(checkpoint, count);
          workers.awaitBalance(admin);
          List<BenchTile> tiles = BenchTiles.repeat(drawn, count * settings.tilesPerWorker());
          rates
              .computeIfAbsent(count, key -> new ArrayList<>())
              .add(tiles.size() / pipe.flood(tiles).seconds());
          slide = workers.tiles();
        }
      }
    }
    progress.onProgress(PHASE, done, steps, "one worker more under load");
    double felt = addUnderLoad(config, admin, drawn);
    progress.onProgress(PHASE, steps, steps, "done");
    double even = settings.tilesPerWorker();
    return new ScalingBenchResult(
        settings,
        Runtime.getRuntime().availableProcessors(),
        rates,
        Collections.min(slide) / even,
        Collections.max(slide) / even,
        felt);
  }

  private double addUnderLoad(ServiceConfig config, Admin admin, List<BenchTile> drawn)
      throws InterruptedException, ExecutionException {
    try (WorkerFleet workers = new WorkerFleet(config, settings.perTile());
        TilePipe pipe = new TilePipe(config, workers::isAlive)) {
      workers.add(checkpoint, 1);
      workers.awaitBalance(admin);
      AtomicBoolean felt = new AtomicBoolean();
      CompletableFuture<Void> load =
          CompletableFuture.runAsync(
              () -> {
                while (!felt.get()) {
                  pipe.flood(BenchTiles.repeat(drawn, settings.tilesPerWorker()));
                }
              });
      Waiting.until(
          "the first worker's first tile", () -> workers.network(0).firstAt().isPresent());
      long began = System.nanoTime();
      workers.add(checkpoint, 1);
      Waiting.until(
          "the second worker's first tile", () -> workers.network(1).firstAt().isPresent());
      double seconds = (workers.network(1).firstAt().orElseThrow() - began) / 1e9;
      felt.set(true);
      load.get();
      return seconds;
    }
  }
}
