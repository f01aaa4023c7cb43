package io.histoflow.segmentation.training;

import io.histoflow.segmentation.loss.HistoLossSettings;

/**
 * How decoder and conditioning learn from corrections. The defaults are careful: few steps at a low
 * rate, so that a round that teaches little harms little.
 *
 * @param steps 1 or more
 * @param learningRate the highest learning rate
 * @param batchSize crops per step
 * @param cropSize side of a crop in pixels, a multiple of 8; beyond a tile's edge it is reflected
 * @param replayShare share of a batch drawn from replay, 0..1, where there is any
 * @param distillation weight of the binary cross-entropy towards the base model's own
 *     probabilities, 0 or more
 * @param trainNormalisation whether the decoder's BatchNorm learns the corrections' statistics
 * @param organDropout probability with which a crop's organ is taken as unknown, 0..1
 * @param stainJitter largest relative change of a stain's amount, 0..1
 * @param clipNorm largest global norm of the gradients
 * @param averageDecay decay of the weights' moving average, below 1
 * @param loss weights of the loss
 * @param seed of crops and augmentation
 */
public record FineTuningSettings(
    int steps,
    double learningRate,
    int batchSize,
    int cropSize,
    double replayShare,
    double distillation,
    boolean trainNormalisation,
    double organDropout,
    double stainJitter,
    double clipNorm,
    double averageDecay,
    HistoLossSettings loss,
    long seed) {

  /** Checks every field. */
  public FineTuningSettings {
    require(steps >= 1 && steps <= 1_000_000, "the steps must be in 1..1000000");
    require(learningRate > 0 && learningRate <= 1, "the learning rate must be in (0, 1]");
    require(batchSize >= 1 && batchSize <= 256, "the batch must have 1..256 crops");
    require(
        cropSize >= 32 && cropSize <= 2048 && cropSize % 8 == 0,
        "the crop's side must be a multiple of 8 in 32..2048");
    require(replayShare >= 0 && replayShare <= 1, "the replay share must be in 0..1");
    require(distillation >= 0 && distillation <= 100, "the distillation must be in 0..100");
    require(organDropout >= 0 && organDropout <= 1, "the organ dropout must be in 0..1");
    require(stainJitter >= 0 && stainJitter <= 1, "the stain jitter must be in 0..1");
    require(clipNorm > 0, "the largest norm of the gradients must be above 0");
    require(averageDecay >= 0 && averageDecay < 1, "the average's decay must be in [0, 1)");
  }

  /** Returns the defaults for so many steps. */
  public static FineTuningSettings defaults(int steps, long seed) {
    return new FineTuningSettings(
        steps, 3e-4, 8, 256, 0.5, 0.3, false, 0.1, 0.1, 1.0, 0.9, HistoLossSettings.paper(), seed);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
