package io.histoflow.loadtests.finetuning;

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
    require(rounds >= 1 && rounds <= 100, "rounds is " + rounds + " but must be 1 to 100.");
    require(steps >= 1 && steps <= 1000, "steps is " + steps + " but must be 1 to 1000.");
    require(
        batchSize >= 1 && batchSize <= 256,
        "batch size is " + batchSize + " but must be 1 to 256.");
    require(
        cropSize >= 32 && cropSize <= 2048 && cropSize % 8 == 0,
        "crop size is " + cropSize + " but must be a multiple of 8 from 32 to 2048.");
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

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
