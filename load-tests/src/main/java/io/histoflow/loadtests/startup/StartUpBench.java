package io.histoflow.loadtests.startup;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.loadtests.measuring.BenchTiles;
import io.histoflow.loadtests.measuring.BenchTiles.BenchTile;
import io.histoflow.loadtests.measuring.TilePipe;
import io.histoflow.loadtests.measuring.Waiting;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.lifecycle.ChildCommand;
import io.histoflow.platform.lifecycle.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;

/**
 * How long the whole system takes from its command to the first result of a tile: the real command
 * in a process of its own, each time with an empty data directory. The tile is published as soon as
 * broker and registry can be reached.
 *
 * @param settings what to measure
 * @param program how the system is started
 * @param progress told about each start
 */
public record StartUpBench(
    StartUpBenchSettings settings, UpProgram program, ProgressListener progress) {
  private static final String PHASE = "start-up bench";
  private static final Duration GENTLE_END = Duration.ofSeconds(60);

  /** How the system is started. */
  public interface UpProgram {
    /**
     * Returns the command.
     *
     * @param dataDir the data directory, which does not exist yet
     * @param log where the command's output goes
     */
    ChildCommand command(Path dataDir, Path log);

    /** Tells whether the command has said that it is ready. */
    boolean isReady(String output);
  }

  /**
   * Runs the benchmark.
   *
   * @param folder an empty folder for the data directories and logs
   * @throws BenchException when a start fails or its tile gets no result
   */
  public StartUpBenchResult run(Path folder) {
    List<BenchTile> tile = BenchTiles.draw(1, settings.tileSize(), settings.seed());
    List<StartUpBenchResult.Round> rounds = new ArrayList<>();
    for (int round = 0; round < settings.rounds(); round++) {
      progress.onProgress(PHASE, round, settings.rounds(), "starting");
      rounds.add(start(folder.resolve("round-" + round), tile));
    }
    progress.onProgress(PHASE, settings.rounds(), settings.rounds(), "done");
    return new StartUpBenchResult(settings, Runtime.getRuntime().availableProcessors(), rounds);
  }

  private StartUpBenchResult.Round start(Path folder, List<BenchTile> tile) {
    Path dataDir = folder.resolve("data");
    Path log = folder.resolve("up.log");
    ChildCommand command = program.command(dataDir, log);
    long began = System.nanoTime();
    try (ChildProcess up = ChildProcess.start(command, GENTLE_END)) {
      CompletableFuture<Double> ready =
          CompletableFuture.supplyAsync(
              () -> {
                await("the command to be ready", up, () -> program.isReady(read(log)));
                return secondsSince(began);
              });
      Path client = dataDir.resolve(EmbeddedPlatform.CLIENT_CONFIG);
      await("broker and registry", up, () -> Files.exists(client) && read(client).endsWith("\n"));
      double toPlatform = secondsSince(began);
      try (TilePipe pipe = new TilePipe(ServiceConfig.load(client), up::isAlive)) {
        pipe.flood(tile);
      }
      double toFirstResult = secondsSince(began);
      return new StartUpBenchResult.Round(toPlatform, ready.join(), toFirstResult);
    } catch (CompletionException e) {
      throw new BenchException(e.getCause().getMessage(), e);
    }
  }

  private static void await(String what, ChildProcess up, BooleanSupplier condition) {
    Waiting.until(
        what,
        () -> {
          if (!up.isAlive()) {
            throw new BenchException(up.obituary());
          }
          return condition.getAsBoolean();
        });
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new BenchException("The file " + file + " cannot be read: " + e + ".", e);
    }
  }

  private static double secondsSince(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
