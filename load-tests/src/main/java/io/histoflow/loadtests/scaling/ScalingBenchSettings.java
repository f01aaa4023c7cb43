package io.histoflow.loadtests.scaling;

import static java.util.Objects.requireNonNull;

import io.histoflow.loadtests.measuring.Ranges;
import java.time.Duration;
import java.util.List;

/**
 * What {@link ScalingBench} measures.
 *
 * @param workers numbers of workers, ascending, the first is what the others are compared with
 * @param tilesPerWorker tiles for each worker in each round, 1 or more; few tiles share out
 *     unevenly
 * @param tileSize edge of a tile in pixels, 16 to 1024
 * @param perTile the device's time for one tile
 * @param partitions of the topic of scanned tiles, at least as many as workers
 * @param rounds how often all numbers of workers take turns; medians are reported
 * @param seed seed of the synthetic tissue
 */
public record ScalingBenchSettings(
    List<Integer> workers,
    int tilesPerWorker,
    int tileSize,
    Duration perTile,
    int partitions,
    int rounds,
    long seed) {
  private static final int MOST_WORKERS = 64;

  /** Checks the ranges. */
  public ScalingBenchSettings {
    workers = List.copyOf(workers);
    requireNonNull(perTile, "perTile");
    Ranges.require(
        !workers.isEmpty() && workers.equals(workers.stream().sorted().distinct().toList()),
        "workers is " + workers + " but must be different numbers, ascending.");
    Ranges.require("workers", workers.get(0), 1, MOST_WORKERS);
    Ranges.require("workers", last(workers), 1, MOST_WORKERS);
    Ranges.require("tilesPerWorker", tilesPerWorker, 1, 100_000);
    Ranges.require("tileSize", tileSize, 16, 1024);
    Ranges.require("partitions", partitions, last(workers), 1000);
    Ranges.require("rounds", rounds, 1, 100);
    Ranges.require(
        perTile.compareTo(Duration.ZERO) > 0 && perTile.compareTo(Duration.ofMinutes(1)) <= 0,
        "perTile is " + perTile + " but must be above 0 and at most a minute.");
  }

  /** Returns what {@code bench scaling} measures when it is told nothing. */
  public static ScalingBenchSettings defaults() {
    return new ScalingBenchSettings(List.of(1, 2, 4, 8), 800, 64, Duration.ofMillis(20), 48, 3, 1);
  }

  /** Returns the largest number of workers. */
  int mostWorkers() {
    return last(workers);
  }

  private static int last(List<Integer> workers) {
    return workers.get(workers.size() - 1);
  }
}
