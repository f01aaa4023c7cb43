package io.histoflow.finetuning;

import io.histoflow.datasets.DatasetException;
import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.imaging.resolution.ModelResolution;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Setting;
import io.histoflow.platform.config.Settings;
import io.histoflow.recall.AuditPlan;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.thresholds.RiskControl;
import io.histoflow.training.FineTuning;
import io.histoflow.training.FineTuningSettings;
import io.histoflow.weights.ModelSettings;
import io.histoflow.weights.WeightsKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the fine-tuning service is told, as its settings say.
 *
 * @param riskLevel to which mask thresholds keep; empty = to that of the model's own
 * @param minimumUnits fewest corrections with a positive pixel for mask thresholds
 * @param recalibrateAfter new audited tiles after which thresholds are measured anew; 0 = never
 * @param training how candidates are trained, with the seed of the first round
 * @param maxExamples most corrections of each kind in one round
 * @param maxBytes most bytes that is kept in memory about corrections
 * @param roundBytes most bytes of corrections in memory during a round
 */
record FineTuningOptions(
    ModelSettings model,
    RoundTrigger trigger,
    HeldOut heldOut,
    Gate gate,
    GuardSet guard,
    int guardAudited,
    Optional<Double> riskLevel,
    int minimumUnits,
    int recalibrateAfter,
    FineTuningSettings training,
    int maxExamples,
    long maxBytes,
    long roundBytes,
    double agreementDice,
    long agreementBytes,
    WeightsKeys keys) {

  /** New, replayed and held-out corrections. */
  private static final int KINDS = 3;

  private static final FineTuningSettings DEFAULTS = FineTuningSettings.builder().build();

  static final Setting<Integer> MIN_CORRECTIONS =
      Setting.ofInt(
          "histoflow.fine-tuning.min.corrections",
          20,
          1,
          100_000,
          "New corrections, held-out ones included, that start a round at once");

  static final Setting<Integer> FEW_CORRECTIONS =
      Setting.ofInt(
          "histoflow.fine-tuning.few.corrections",
          5,
          1,
          100_000,
          "New corrections that start a round when the oldest of them has waited long enough; at"
              + " most min-corrections");

  private static final Setting<Duration> MAX_WAIT =
      Setting.ofDuration(
          "histoflow.fine-tuning.max.wait", "1h", "How long the oldest of a few corrections waits");

  static final Setting<Double> HELD_OUT_SHARE =
      Setting.ofDouble(
          "histoflow.fine-tuning.held.out.share",
          0.33,
          0.0,
          1.0,
          "Share of the corrected tiles, chosen by a hash of the tile's id, that candidates are"
              + " judged on and never trained on; raising it later holds out tiles that were"
              + " trained on before");

  static final Setting<Integer> MIN_HELD_OUT =
      Setting.ofInt(
          "histoflow.fine-tuning.min.held.out",
          3,
          1,
          100_000,
          "Fewest held-out corrections that a decision may rest on; below, a round is refused"
              + " without training");

  private static final Setting<Double> GATE_MARGIN =
      Setting.ofDouble(
          "histoflow.fine-tuning.gate.margin",
          0.05,
          0.0,
          1.0,
          "How far below zero the 95 % interval of the change of recall on the held-out corrections"
              + " may reach; the change itself must not be below zero");

  private static final Setting<Path> GUARD_DATA =
      Setting.ofPath(
          "histoflow.fine-tuning.guard.data",
          null,
          "Data set of labelled images on which no candidate may get worse; absent = synthetic"
              + " tiles, which show a network that broke and no more");

  static final Setting<Double> GUARD_MICRONS =
      Setting.ofDouble(
          "histoflow.fine-tuning.guard.microns.per.pixel",
          null,
          ModelResolution.FINEST,
          ModelResolution.COARSEST,
          "Micrometres per pixel of that data set, a quarter to four times the model's; absent ="
              + " the model's");

  private static final Setting<Integer> GUARD_AUDITED =
      Setting.ofInt(
          "histoflow.fine-tuning.guard.audited.tiles",
          100,
          0,
          100_000,
          "Fewest held-out tiles that chance drew for review from which these are the guard set, in"
              + " place of the data set or the synthetic tiles; 0 = never");

  private static final Setting<Double> GUARD_TOLERANCE =
      Setting.ofDouble(
          "histoflow.fine-tuning.guard.tolerance",
          0.01,
          0.0,
          1.0,
          "How much recall at the same precision a candidate may lose on the guard set");

  private static final Setting<Double> RISK_LEVEL =
      Setting.ofDouble(
          "histoflow.fine-tuning.risk.level",
          null,
          0.001,
          0.999,
          "Highest expected false-negative rate to which the mask thresholds of new weights keep,"
              + " by conformal risk control on the held-out corrections; absent = the level of the"
              + " model's own, 0.08 where it has none");

  private static final Setting<Integer> MIN_CALIBRATION =
      Setting.ofInt(
          "histoflow.fine-tuning.min.calibration",
          Calibration.STANDARD_MINIMUM_UNITS,
          1,
          100_000,
          "Fewest held-out corrections with a positive pixel for that, over all organs and for an"
              + " organ's own threshold; never fewer than 1 / risk.level - 1");

  static final Setting<Boolean> RECALIBRATE =
      Setting.ofBoolean(
          "histoflow.fine-tuning.recalibrate",
          false,
          "Lower mask thresholds without asking where tiles that chance drew for review show that"
              + " those in force do not keep risk.level; they are never raised, and with false a"
              + " person decides ('histoflow weights calibrate')");

  static final Setting<Integer> RECALIBRATE_TILES =
      Setting.ofInt(
          "histoflow.fine-tuning.recalibrate.audited.tiles",
          Math.toIntExact(AuditPlan.FEWEST_TILES_OF_SEVERAL),
          Math.toIntExact(AuditPlan.FEWEST_TILES),
          100_000,
          "New tiles that chance drew and a reviewer judged after which recalibrate measures the"
              + " mask thresholds again");

  private static final Setting<Integer> STEPS =
      Setting.ofInt(
          "histoflow.fine-tuning.steps",
          DEFAULTS.steps(),
          1,
          100_000,
          "Training steps of one round");

  private static final Setting<Double> LEARNING_RATE =
      Setting.ofDouble(
          "histoflow.fine-tuning.learning.rate",
          DEFAULTS.learningRate(),
          1e-9,
          1.0,
          "The highest learning rate of the decoder in a round");

  private static final Setting<Double> CONDITIONING_RATE =
      Setting.ofDouble(
          "histoflow.fine-tuning.conditioning.rate",
          DEFAULTS.conditioningRate(),
          1e-9,
          1.0,
          "The highest learning rate of the corrected organs' conditioning in a round; other organs"
              + " are not touched by it");

  private static final Setting<Double> KNOWN_SHARE =
      Setting.ofDouble(
          "histoflow.fine-tuning.known.share",
          DEFAULTS.knownShare(),
          0.0,
          1.0,
          "Share of the conditioning's rate at which organs learn that the model knew before the"
              + " round");

  private static final Setting<Integer> BATCH_SIZE =
      Setting.ofInt(
          "histoflow.fine-tuning.batch.size",
          DEFAULTS.batchSize(),
          1,
          256,
          "Crops in one training step");

  private static final Setting<Integer> CROP_SIZE =
      Setting.ofInt(
          "histoflow.fine-tuning.crop.size",
          DEFAULTS.cropSize(),
          32,
          2048,
          "Edge of a training crop in pixels, a multiple of 8");

  private static final Setting<Double> REPLAY_SHARE =
      Setting.ofDouble(
          "histoflow.fine-tuning.replay.share",
          DEFAULTS.replayShare(),
          0.0,
          1.0,
          "Share of a training batch drawn from corrections that the weights know already");

  private static final Setting<Integer> MAX_EXAMPLES =
      Setting.ofInt(
          "histoflow.fine-tuning.max.examples",
          400,
          1,
          100_000,
          "Most corrections of each kind (new, replayed, held out) in one round; a decoded tile of"
              + " 512 x 512 pixels takes 1 MiB");

  private static final Setting<Long> MAX_BYTES =
      Setting.ofLong(
          "histoflow.fine-tuning.max.bytes",
          64L << 20,
          1L << 20,
          1L << 36,
          "Most bytes that is kept in memory about corrections, some 300 for each; beyond, the"
              + " oldest are left on their topic");

  private static final Setting<Long> ROUND_BYTES =
      Setting.ofLong(
          "histoflow.fine-tuning.round.bytes",
          1_200L << 20,
          1L << 20,
          1L << 36,
          "Most bytes of corrections in memory during a round, a third for each kind: decoded 4 a"
              + " pixel for those trained on, as encoded for those held out; others wait");

  private static final Setting<Double> AGREEMENT_DICE =
      Setting.ofDouble(
          "histoflow.fine-tuning.agreement.dice",
          0.8,
          0.0,
          1.0,
          "Dice coefficient of two reviewers' masks of a tile below which they are reported to"
              + " disagree; the latest verdict is learned from in any case");

  private static final Setting<Long> AGREEMENT_BYTES =
      Setting.ofLong(
          "histoflow.fine-tuning.agreement.bytes",
          64L << 20,
          1L << 20,
          1L << 36,
          "Most bytes of masks in memory to tell whether reviewers agree; beyond, the tiles judged"
              + " longest ago are not counted any more");

  /** Every setting of the service, for help texts and for finding typing errors. */
  static final Settings ALL =
      Settings.of(
          "fine-tuning",
          ModelSettings.FILE,
          ModelSettings.DEVICE,
          MIN_CORRECTIONS,
          FEW_CORRECTIONS,
          MAX_WAIT,
          HELD_OUT_SHARE,
          MIN_HELD_OUT,
          GATE_MARGIN,
          GUARD_DATA,
          GUARD_MICRONS,
          GUARD_AUDITED,
          GUARD_TOLERANCE,
          RISK_LEVEL,
          MIN_CALIBRATION,
          RECALIBRATE,
          RECALIBRATE_TILES,
          STEPS,
          LEARNING_RATE,
          CONDITIONING_RATE,
          KNOWN_SHARE,
          BATCH_SIZE,
          CROP_SIZE,
          REPLAY_SHARE,
          MAX_EXAMPLES,
          MAX_BYTES,
          ROUND_BYTES,
          AGREEMENT_DICE,
          AGREEMENT_BYTES,
          WeightsKeys.SIGNING_KEY,
          WeightsKeys.PUBLIC_KEY);

  /**
   * Reads the settings.
   *
   * @throws ConfigException when one of them is not allowed
   */
  static FineTuningOptions from(ServiceConfig config) {
    return new FineTuningOptions(
        ModelSettings.from(config),
        trigger(config),
        new HeldOut(config.get(HELD_OUT_SHARE)),
        new Gate(config.get(MIN_HELD_OUT), config.get(GATE_MARGIN), config.get(GUARD_TOLERANCE)),
        guard(config),
        config.get(GUARD_AUDITED),
        config.find(RISK_LEVEL),
        config.get(MIN_CALIBRATION),
        config.get(RECALIBRATE) ? config.get(RECALIBRATE_TILES) : 0,
        training(config),
        config.get(MAX_EXAMPLES),
        config.get(MAX_BYTES),
        config.get(ROUND_BYTES),
        config.get(AGREEMENT_DICE),
        config.get(AGREEMENT_BYTES),
        keys(config));
  }

  /**
   * Returns the rule for mask thresholds.
   *
   * @param shipped the model to start from; not the weights in force, whose thresholds may have
   *     lost their level
   */
  Calibration calibration(Checkpoint shipped) {
    return new Calibration(
        riskLevel.map(RiskControl::new).orElseGet(shipped.thresholds()::control), minimumUnits);
  }

  /** Returns the most bytes of corrections of each kind in memory during a round. */
  long bytesOfAKind() {
    return roundBytes / KINDS;
  }

  private static WeightsKeys keys(ServiceConfig config) {
    WeightsKeys keys = WeightsKeys.from(config);
    keys.requireOwnAccepted();
    return keys;
  }

  private static GuardSet guard(ServiceConfig config) {
    Optional<Path> folder = config.find(GUARD_DATA);
    try {
      return folder
          .map(data -> GuardSet.of(data, guardMicrons(config)))
          .orElseGet(GuardSet::synthetic);
    } catch (DatasetException e) {
      throw new ConfigException(GUARD_DATA.name() + " cannot be used: " + e.getMessage() + ".", e);
    }
  }

  private static OptionalDouble guardMicrons(ServiceConfig config) {
    return config.find(GUARD_MICRONS).map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
  }

  /**
   * Loads the model to start from.
   *
   * @throws ConfigException when it can learn nothing from corrections, or the guard set's
   *     resolution is too far from its own
   */
  static Checkpoint model(ServiceConfig config) throws CheckpointRejectedException {
    Checkpoint model = ModelSettings.from(config).load();
    try {
      FineTuning.requireLearning(model);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "%s cannot be used: %s.".formatted(ModelSettings.FILE.name(), e.getMessage()), e);
    }
    Optional<String> fault = model.resolution().fault(guardMicrons(config));
    if (fault.isPresent()) {
      throw new ConfigException(
          "%s cannot be used for the guard set: %s.".formatted(GUARD_MICRONS.name(), fault.get()));
    }
    return model;
  }

  private static FineTuningSettings training(ServiceConfig config) {
    try {
      return FineTuningSettings.builder()
          .optSteps(config.get(STEPS))
          .optLearningRate(config.get(LEARNING_RATE))
          .optConditioningRate(config.get(CONDITIONING_RATE))
          .optKnownShare(config.get(KNOWN_SHARE))
          .optBatchSize(config.get(BATCH_SIZE))
          .optCropSize(config.get(CROP_SIZE))
          .optReplayShare(config.get(REPLAY_SHARE))
          .build();
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "histoflow.fine-tuning.* cannot be used: " + e.getMessage() + ".", e);
    }
  }

  private static RoundTrigger trigger(ServiceConfig config) {
    int enough = config.get(MIN_CORRECTIONS);
    // Who lowers the one without the other means both.
    int few = Math.min(config.get(FEW_CORRECTIONS), enough);
    return new RoundTrigger(enough, few, config.get(MAX_WAIT));
  }
}
