package io.histoflow.training;

import io.histoflow.segmentation.architectures.KnownArchitecture;
import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.training.augmentation.AugmentationSettings;
import io.histoflow.training.loss.HistoLossSettings;
import java.time.Duration;
import java.util.List;

/**
 * How a network is trained.
 *
 * @param architecture what kind of network it is; of the five below, those but the width are
 *     ClinSegNet's alone
 * @param width channels of the first stage
 * @param embeddingSize length of an organ's embedding
 * @param squeezeExcitation whether stages re-weight their channels
 * @param film whether stages are modulated by the organ
 * @param edgeHead whether an edge head guides training
 * @param loss weights of the loss
 * @param cropSize side of a training crop in pixels, a multiple of 8
 * @param batchSize crops per step
 * @param maxSteps the most steps, 1 or more
 * @param maxDuration the longest time; whichever comes first ends training, and the learning rate
 *     falls to zero by then
 * @param learningRate the highest learning rate
 * @param warmupSteps steps over which the learning rate rises
 * @param averageDecay decay of the weights' moving average, below 1
 * @param organDropout probability with which a crop's organ is taken as unknown, 0..1
 * @param augmentation how crops are changed at random
 * @param validationShare share of the images held out by patient, 0 up to below 1
 * @param validateEvery steps between validations
 * @param patience validations without a better one after which training stops early; 0 never
 * @param inputColour what the network sees of a tile's colours
 * @param seed of weights, split, crops and augmentation
 */
public record TrainingSettings(
    KnownArchitecture architecture,
    int width,
    int embeddingSize,
    boolean squeezeExcitation,
    boolean film,
    boolean edgeHead,
    HistoLossSettings loss,
    int cropSize,
    int batchSize,
    int maxSteps,
    Duration maxDuration,
    double learningRate,
    int warmupSteps,
    double averageDecay,
    double organDropout,
    AugmentationSettings augmentation,
    double validationShare,
    int validateEvery,
    int patience,
    InputColour inputColour,
    long seed) {

  /** Checks every field. */
  public TrainingSettings {
    require(
        cropSize >= 32 && cropSize <= 2048 && cropSize % 8 == 0,
        "the crop's side must be a multiple of 8 in 32..2048");
    require(batchSize >= 1 && batchSize <= 256, "the batch must have 1..256 crops");
    require(maxSteps >= 1, "training needs at least one step");
    require(!maxDuration.isNegative() && !maxDuration.isZero(), "training needs some time");
    require(learningRate > 0 && learningRate <= 1, "the learning rate must be in (0, 1]");
    require(warmupSteps >= 0, "warm-up steps must be 0 or more");
    require(averageDecay >= 0 && averageDecay < 1, "the average's decay must be in [0, 1)");
    require(organDropout >= 0 && organDropout <= 1, "the organ dropout must be in 0..1");
    require(validationShare >= 0 && validationShare < 1, "the validation share must be in [0, 1)");
    require(validateEvery >= 1, "steps between validations must be 1 or more");
    require(patience >= 0, "the patience must be 0 or more");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Returns the network that is trained, for the given organs and unknown. */
  public Architecture network(List<String> organs) {
    return architecture.of(
        new ClinSegNetConfig(
                width,
                ClinSegNetConfig.standard(width, organs).organs(),
                embeddingSize,
                squeezeExcitation,
                film,
                edgeHead,
                inputColour)
            .options());
  }

  /**
   * Returns the text by which a stopped training knows its settings again. It is silent about the
   * architecture, which the text of its {@link #network} names: as it was before there were others,
   * so that trainings stopped then go on.
   */
  String identity() {
    return toString().replace("architecture=" + architecture + ", ", "");
  }

  /** Returns a builder that starts from these settings. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.architecture = architecture;
    builder.width = width;
    builder.embeddingSize = embeddingSize;
    builder.squeezeExcitation = squeezeExcitation;
    builder.film = film;
    builder.edgeHead = edgeHead;
    builder.loss = loss;
    builder.cropSize = cropSize;
    builder.batchSize = batchSize;
    builder.maxSteps = maxSteps;
    builder.maxDuration = maxDuration;
    builder.learningRate = learningRate;
    builder.warmupSteps = warmupSteps;
    builder.averageDecay = averageDecay;
    builder.organDropout = organDropout;
    builder.augmentation = augmentation;
    builder.validationShare = validationShare;
    builder.validateEvery = validateEvery;
    builder.patience = patience;
    builder.inputColour = inputColour;
    builder.seed = seed;
    return builder;
  }

  /** Returns a builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds {@link TrainingSettings}; every value has a default. */
  public static final class Builder {
    private KnownArchitecture architecture = KnownArchitecture.CLINSEGNET;
    private int width = 16;
    private int embeddingSize = 32;
    private boolean squeezeExcitation = true;
    private boolean film = true;
    private boolean edgeHead = true;
    private HistoLossSettings loss = HistoLossSettings.paper();
    private int cropSize = 256;
    private int batchSize = 4;
    private int maxSteps = 2800;
    private Duration maxDuration = Duration.ofDays(7);
    private double learningRate = 2e-3;
    private int warmupSteps = 100;
    private double averageDecay = 0.995;
    private double organDropout = 0.3;
    private AugmentationSettings augmentation = AugmentationSettings.standard();
    private double validationShare = 0.2;
    private int validateEvery = 200;
    private int patience = 0;
    private InputColour inputColour = InputColour.DEFAULT;
    private long seed = 1;

    private Builder() {}

    /** Sets what kind of network it is. */
    public Builder optArchitecture(KnownArchitecture value) {
      architecture = value;
      return this;
    }

    /** Sets the channels of the first stage. */
    public Builder optWidth(int value) {
      width = value;
      return this;
    }

    /** Sets the length of an organ's embedding. */
    public Builder optEmbeddingSize(int value) {
      embeddingSize = value;
      return this;
    }

    /** Sets whether stages re-weight their channels. */
    public Builder optSqueezeExcitation(boolean value) {
      squeezeExcitation = value;
      return this;
    }

    /** Sets whether stages are modulated by the organ. */
    public Builder optFilm(boolean value) {
      film = value;
      return this;
    }

    /** Sets whether an edge head guides training. */
    public Builder optEdgeHead(boolean value) {
      edgeHead = value;
      return this;
    }

    /** Sets the weights of the loss. */
    public Builder optLoss(HistoLossSettings value) {
      loss = value;
      return this;
    }

    /** Sets the side of a crop in pixels. */
    public Builder optCropSize(int value) {
      cropSize = value;
      return this;
    }

    /** Sets the crops per step. */
    public Builder optBatchSize(int value) {
      batchSize = value;
      return this;
    }

    /** Sets the most steps. */
    public Builder optMaxSteps(int value) {
      maxSteps = value;
      return this;
    }

    /** Sets the longest time. */
    public Builder optMaxDuration(Duration value) {
      maxDuration = value;
      return this;
    }

    /** Sets the highest learning rate. */
    public Builder optLearningRate(double value) {
      learningRate = value;
      return this;
    }

    /** Sets the steps over which the learning rate rises. */
    public Builder optWarmupSteps(int value) {
      warmupSteps = value;
      return this;
    }

    /** Sets the decay of the weights' moving average. */
    public Builder optAverageDecay(double value) {
      averageDecay = value;
      return this;
    }

    /** Sets the probability with which a crop's organ is taken as unknown. */
    public Builder optOrganDropout(double value) {
      organDropout = value;
      return this;
    }

    /** Sets how crops are changed at random. */
    public Builder optAugmentation(AugmentationSettings value) {
      augmentation = value;
      return this;
    }

    /** Sets the share of the images held out by patient. */
    public Builder optValidationShare(double value) {
      validationShare = value;
      return this;
    }

    /** Sets the steps between validations. */
    public Builder optValidateEvery(int value) {
      validateEvery = value;
      return this;
    }

    /** Sets the validations without a better one after which training stops; 0 never. */
    public Builder optPatience(int value) {
      patience = value;
      return this;
    }

    /** Sets what the network sees of a tile's colours. */
    public Builder optInputColour(InputColour value) {
      inputColour = value;
      return this;
    }

    /** Sets the seed. */
    public Builder optSeed(long value) {
      seed = value;
      return this;
    }

    /** Returns the settings. */
    public TrainingSettings build() {
      return new TrainingSettings(
          architecture,
          width,
          embeddingSize,
          squeezeExcitation,
          film,
          edgeHead,
          loss,
          cropSize,
          batchSize,
          maxSteps,
          maxDuration,
          learningRate,
          warmupSteps,
          averageDecay,
          organDropout,
          augmentation,
          validationShare,
          validateEvery,
          patience,
          inputColour,
          seed);
    }
  }
}
