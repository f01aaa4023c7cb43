package io.histoflow.loadtests.pipeline;

import static java.util.Objects.requireNonNull;

import io.histoflow.inference.BatchSizing;
import io.histoflow.loadtests.measuring.Ranges;

/**
 * What {@link PipelineBench} measures.
 *
 * @param tiles tiles in each round, 1 or more
 * @param tileSize edge of a tile in pixels, 16 to 4096
 * @param batchSize most tiles in one batch, in the bare loop and in the service alike; {@link
 *     BatchSizing#MEASURED} = as a worker measures it at its start
 * @param rounds how often bare loop and pipeline take turns, 1 or more; the medians are reported
 * @param device where the network runs: auto, cpu or gpu
 * @param seed seed of the synthetic tissue
 */
public record PipelineBenchSettings(
    int tiles, int tileSize, int batchSize, int rounds, String device, long seed) {

  /** Checks the ranges. */
  public PipelineBenchSettings {
    requireNonNull(device, "device");
    Ranges.require("tiles", tiles, 1, 1_000_000);
    Ranges.require("tileSize", tileSize, 16, 4096);
    Ranges.require("batchSize", batchSize, BatchSizing.MEASURED, 1024);
    Ranges.require("rounds", rounds, 1, 100);
  }

  /** Returns what {@code bench pipeline} measures when it is told nothing. */
  public static PipelineBenchSettings defaults() {
    return new PipelineBenchSettings(160, 256, BatchSizing.MEASURED, 9, "auto", 1);
  }

  /** Returns the same with a batch size. */
  PipelineBenchSettings withBatchSize(int size) {
    return new PipelineBenchSettings(tiles, tileSize, size, rounds, device, seed);
  }
}
