package io.histoflow.loadtests.finetuning;

import io.histoflow.loadtests.measuring.Ranges;
import io.histoflow.training.FineTuningSettings;

/**
 * What {@link FineTuningBench} measures.
 *
 * @param rounds how often all take turns, 1..100
 * @param steps steps in a turn, 1..1000
 * @param batchSize crops in a step, 1..256
 * @param cropSize side of a crop in pixels, a multiple of 8 in 32..2048
 */
public record FineTuningBenchSettings(int rounds, int steps, int batchSize, int cropSize) {

  /** Checks the ranges. */
  public FineTuningBenchSettings {
    Ranges.require("rounds", rounds, 1, 100);
    Ranges.require("steps", steps, 1, 1000);
    Ranges.require("batch size", batchSize, 1, 256);
    Ranges.requireEdge("crop size", cropSize, 32, 2048);
  }

  /** Returns steps as fine-tuning makes them unless it is told otherwise. */
  public static FineTuningBenchSettings defaults() {
    FineTuningSettings standard = FineTuningSettings.builder().build();
    return new FineTuningBenchSettings(5, 6, standard.batchSize(), standard.cropSize());
  }

  /** Returns the settings of a round of fine-tuning. */
  FineTuningSettings round(int steps, boolean distilling) {
    FineTuningSettings.Builder round =
        FineTuningSettings.builder().optSteps(steps).optBatchSize(batchSize).optCropSize(cropSize);
    return (distilling ? round : round.optDistillation(0)).build();
  }
}
