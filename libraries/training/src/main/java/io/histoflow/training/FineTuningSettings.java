package io.histoflow.training;

/**
 * How decoder and conditioning learn from corrections. The defaults let the conditioning do most of
 * the work: it is free of what other organs need, the decoder, which all of them share, is not.
 *
 * @param steps 1 or more
 * @param learningRate the highest learning rate of the decoder; 0 leaves it as it is
 * @param conditioningRate the highest learning rate of the corrected organs' embeddings and of FiLM
 *     as far as it touches no other organ; 0 leaves them as they are
 * @param knownShare share of that rate at which organs that the model knew before learn, 0..1: a
 *     few corrections must not undo what it learned from many images
 * @param batchSize crops per step
 * @param cropSize side of a crop in pixels, a multiple of 8; beyond a tile's edge it is reflected
 * @param replayShare share of a batch drawn from replay, 0..1, where there is any
 * @param distillation weight of the binary cross-entropy towards what the base model says under the
 *     names of organs that are not being corrected, 0 or more; costs a second pass per step
 * @param trainNormalisation whether the decoder's BatchNorm learns the corrections' statistics
 * @param organDropout probability with which a crop's organ is taken as unknown, 0..1
 * @param stainJitter largest relative change of a stain's amount, 0..1
 * @param averageDecay decay of the weights' moving average, below 1
 * @param seed of crops and augmentation
 */
public record FineTuningSettings(
    int steps,
    double learningRate,
    double conditioningRate,
    double knownShare,
    int batchSize,
    int cropSize,
    double replayShare,
    double distillation,
    boolean trainNormalisation,
    double organDropout,
    double stainJitter,
    double averageDecay,
    long seed) {

  /** Checks every field. */
  public FineTuningSettings {
    require(steps >= 1 && steps <= 1_000_000, "the steps must be in 1..1000000");
    require(learningRate >= 0 && learningRate <= 1, "the learning rate must be in 0..1");
    require(
        conditioningRate >= 0 && conditioningRate <= 1, "the conditioning's rate must be in 0..1");
    require(knownShare >= 0 && knownShare <= 1, "the share of known organs must be in 0..1");
    require(learningRate + conditioningRate > 0, "one of the two learning rates must be above 0");
    require(batchSize >= 1 && batchSize <= 256, "the batch must have 1..256 crops");
    require(
        cropSize >= 32 && cropSize <= 2048 && cropSize % 8 == 0,
        "the crop's side must be a multiple of 8 in 32..2048");
    require(replayShare >= 0 && replayShare <= 1, "the replay share must be in 0..1");
    require(distillation >= 0 && distillation <= 100, "the distillation must be in 0..100");
    require(organDropout >= 0 && organDropout <= 1, "the organ dropout must be in 0..1");
    require(stainJitter >= 0 && stainJitter <= 1, "the stain jitter must be in 0..1");
    require(averageDecay >= 0 && averageDecay < 1, "the average's decay must be in [0, 1)");
  }

  /**
   * Returns a builder with the defaults. A decoder rate of 1e-3 without distillation lost recall on
   * brain-glioma; what the defaults win there, where they were chosen, and on synthetic tiles the
   * study of corrections tells.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that has these settings. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.steps = steps;
    builder.learningRate = learningRate;
    builder.conditioningRate = conditioningRate;
    builder.knownShare = knownShare;
    builder.batchSize = batchSize;
    builder.cropSize = cropSize;
    builder.replayShare = replayShare;
    builder.distillation = distillation;
    builder.trainNormalisation = trainNormalisation;
    builder.organDropout = organDropout;
    builder.stainJitter = stainJitter;
    builder.averageDecay = averageDecay;
    builder.seed = seed;
    return builder;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Builds {@link FineTuningSettings}; every value has a default. */
  public static final class Builder {
    private int steps = 60;
    private double learningRate = 1e-4;
    private double conditioningRate = 2e-2;
    private double knownShare = 0.02;
    private int batchSize = 4;
    private int cropSize = 256;
    private double replayShare = 0.5;
    private double distillation = 1;
    private boolean trainNormalisation = false;
    private double organDropout = 0;
    private double stainJitter = 0.1;
    private double averageDecay = 0.9;
    private long seed = 1;

    private Builder() {}

    /** Sets training steps. */
    public Builder optSteps(int value) {
      steps = value;
      return this;
    }

    /** Sets the decoder's highest learning rate. */
    public Builder optLearningRate(double value) {
      learningRate = value;
      return this;
    }

    /** Sets the conditioning's highest learning rate. */
    public Builder optConditioningRate(double value) {
      conditioningRate = value;
      return this;
    }

    /** Sets the share of the conditioning's rate for organs that the model knew. */
    public Builder optKnownShare(double value) {
      knownShare = value;
      return this;
    }

    /** Sets crops per step. */
    public Builder optBatchSize(int value) {
      batchSize = value;
      return this;
    }

    /** Sets the side of a crop in pixels. */
    public Builder optCropSize(int value) {
      cropSize = value;
      return this;
    }

    /** Sets the share of replayed crops. */
    public Builder optReplayShare(double value) {
      replayShare = value;
      return this;
    }

    /** Sets the weight of the distillation. */
    public Builder optDistillation(double value) {
      distillation = value;
      return this;
    }

    /** Sets whether the decoder's BatchNorm learns. */
    public Builder optTrainNormalisation(boolean value) {
      trainNormalisation = value;
      return this;
    }

    /** Sets how often an organ is taken as unknown. */
    public Builder optOrganDropout(double value) {
      organDropout = value;
      return this;
    }

    /** Sets the largest relative change of a stain's amount. */
    public Builder optStainJitter(double value) {
      stainJitter = value;
      return this;
    }

    /** Sets the decay of the weights' average. */
    public Builder optAverageDecay(double value) {
      averageDecay = value;
      return this;
    }

    /** Sets the seed. */
    public Builder optSeed(long value) {
      seed = value;
      return this;
    }

    /**
     * Checks and returns the settings.
     *
     * @throws IllegalArgumentException where one of them is out of its range
     */
    public FineTuningSettings build() {
      return new FineTuningSettings(
          steps,
          learningRate,
          conditioningRate,
          knownShare,
          batchSize,
          cropSize,
          replayShare,
          distillation,
          trainNormalisation,
          organDropout,
          stainJitter,
          averageDecay,
          seed);
    }
  }
}
