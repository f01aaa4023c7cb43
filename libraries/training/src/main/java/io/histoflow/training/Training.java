package io.histoflow.training;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.model.Network;
import io.histoflow.segmentation.model.ParameterCatalogue;
import io.histoflow.segmentation.model.ParameterGroup;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.segmentation.model.Widening;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.training.loss.HistoLoss;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Trains a network, from scratch or from a narrower one: random augmented crops, AdamW with warm-up
 * and cosine decay, averaged weights, validation on held-out patients.
 *
 * <p>In its folder it keeps {@code best.safetensors} and {@code last.safetensors}, {@code
 * state.safetensors} from which a killed training goes on when it is started again with the same
 * settings and tiles, and at the end {@code learning-curve.png}.
 *
 * <p>On one machine and with a number of steps rather than a time, the same seed gives the same
 * crops and the same order; PyTorch's sums over threads may still differ in the last bits.
 */
public final class Training {

  /** The ids of the images that are held out, one a line, in the training's folder. */
  public static final String HELD_OUT = "held-out.txt";

  /** The checkpoint of the highest score, in the training's folder. */
  public static final String BEST = "best.safetensors";

  /** The latest checkpoint, in the training's folder. */
  public static final String LAST = "last.safetensors";

  private static final String STATE = "state.safetensors";
  private static final String CURVE = "learning-curve.png";
  private static final int LOSS_POINT_STEPS = 10;

  /** Where a mask begins in a checkpoint whose threshold no held-out image could set. */
  private static final double UNMEASURED_THRESHOLD = 0.5;

  private static final double WEIGHT_DECAY = 1e-2;

  /** Largest global norm of the gradients. */
  private static final double CLIP_NORM = 2;

  /**
   * Learning rate of embeddings and FiLM as a share of the others': organs learn first what they
   * have in common.
   */
  private static final double CONDITIONING_SHARE = 0.1;

  /** Mean recall on held-out images that the mask threshold must reach if it can. */
  private static final double LEAST_RECALL = 0.92;

  /** A kill costs at most so many steps. */
  private static final int SAVE_STEPS = 100;

  private final TrainingData data;
  private final TrainingSettings settings;
  private final Compute compute;
  private final Path folder;
  private final TrainingProgress progress;
  private final PatientSplit split;
  private final Architecture config;
  private final Weights start;
  private final String run;
  private final List<ValidationPoint> history = new ArrayList<>();
  private final List<LossPoint> losses = new ArrayList<>();
  private long started;

  private Training(
      TrainingData data,
      PatientSplit split,
      TrainingSettings settings,
      Optional<Checkpoint> taught,
      Compute compute,
      Path folder,
      TrainingProgress progress) {
    this.data = data;
    this.split = split;
    this.settings = settings;
    this.compute = compute;
    this.folder = folder;
    this.progress = progress;
    config = settings.network(List.copyOf(data.organs()));
    config.requireSide(settings.cropSize());
    String identity =
        settings.identity()
            + "|"
            + config
            + "|"
            + data.identity()
            + "|"
            + String.join(",", ids(split.validation()))
            + taught.map(model -> "|" + model.sha256()).orElse("");
    start =
        taught
            .map(model -> Widening.widen(model.weights(), config, settings.seed()))
            .orElseGet(() -> Weights.initial(config, settings.seed()));
    run = Safetensors.sha256(identity.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * As {@link #run(TrainingData, PatientSplit, TrainingSettings, Optional, Compute, Path,
   * TrainingProgress)} from scratch.
   */
  public static Trained run(
      TrainingData data,
      PatientSplit split,
      TrainingSettings settings,
      Compute compute,
      Path folder,
      TrainingProgress progress)
      throws IOException, CheckpointRejectedException {
    return run(data, split, settings, Optional.empty(), compute, folder, progress);
  }

  /**
   * Trains, or goes on where a training in the folder was stopped.
   *
   * @param data all that there is; its {@link TrainingData#organs organs} are those that the model
   *     will know
   * @param split which of the tiles are trained on and which are held out; without held-out tiles
   *     nothing is validated and the best checkpoint is the last
   * @param earlier the folder of a training that held out the same images, to start from its last
   *     model instead of from nothing: the same network, or a narrower one to be {@link Widening
   *     widened}
   * @param folder takes checkpoints, state and curve; is made where it is missing
   * @param progress hears of each step; where it throws, the training ends and can be gone on with
   * @throws IOException where the folder cannot be written
   * @throws CheckpointRejectedException where the folder holds the state of another training
   * @throws IllegalArgumentException where there is no tile to train on, or the earlier training
   *     held out other images: a model that saw these would make every figure worthless
   * @throws IllegalStateException where the loss diverges
   */
  public static Trained run(
      TrainingData data,
      PatientSplit split,
      TrainingSettings settings,
      Optional<Path> earlier,
      Compute compute,
      Path folder,
      TrainingProgress progress)
      throws IOException, CheckpointRejectedException {
    Optional<Checkpoint> taught = Optional.empty();
    if (earlier.isPresent()) {
      requireSame(earlier.get().resolve(HELD_OUT), split);
      taught = Optional.of(Checkpoint.load(earlier.get().resolve(LAST)));
    }
    Files.createDirectories(folder);
    return new Training(data, split, settings, taught, compute, folder, progress).run();
  }

  private static void requireSame(Path heldOut, PatientSplit split) throws IOException {
    if (!Files.exists(heldOut)) {
      throw new IllegalArgumentException(
          "%s is missing: the folder is of no training to start from".formatted(heldOut));
    }
    if (!Files.readAllLines(heldOut).equals(ids(split.validation()))) {
      throw new IllegalArgumentException(
          "%s names other images than this training holds out: give the same data, share or folds,"
                  .formatted(heldOut)
              + " and seed");
    }
  }

  private static List<String> ids(List<LabelledTile> tiles) {
    return tiles.stream().map(LabelledTile::id).toList();
  }

  private Trained run() throws IOException, CheckpointRejectedException {
    Files.write(folder.resolve(HELD_OUT), ids(split.validation()));
    Path stateFile = folder.resolve(STATE);
    TrainingState resumed =
        Files.exists(stateFile) ? TrainingState.load(stateFile, run, config) : null;
    TileDraw draw = data.draw(split.training());
    started = System.nanoTime();
    try (TrainingLoop loop =
            new TrainingLoop(
                Network::forTraining,
                resumed == null ? start : resumed.weights(),
                spec -> true,
                new HistoLoss(settings.loss()),
                WEIGHT_DECAY,
                CLIP_NORM,
                settings.averageDecay(),
                compute);
        BatchAhead batches = new BatchAhead(step -> batch(draw, step))) {
      long step = 0;
      if (resumed != null) {
        step = resumed.step();
        started -= resumed.elapsed().toNanos();
        history.addAll(resumed.history());
        losses.addAll(resumed.losses());
        loop.restore(resumed.averages(), resumed.moments(), resumed.moved());
      }
      return train(loop, batches, step);
    }
  }

  private TrainingBatch batch(TileDraw draw, long step) {
    SplittableRandom random = new SplittableRandom(settings.seed() * 1_000_003 + step);
    return TrainingBatch.draw(
        draw.draw(settings.batchSize(), random),
        config,
        settings.cropSize(),
        settings.augmentation(),
        settings.organDropout(),
        random);
  }

  private Trained train(TrainingLoop loop, BatchAhead batches, long firstStep)
      throws IOException, CheckpointRejectedException {
    LearningRateSchedule schedule =
        new LearningRateSchedule(settings.learningRate(), settings.warmupSteps());
    ParameterCatalogue catalogue = ParameterCatalogue.of(config);
    long step = firstStep;
    double lossSum = 0;
    int lossCount = 0;
    while (share(step) < 1 && !outOfPatience()) {
      double rate = schedule.at(step, share(step));
      double loss =
          loop.step(
              batches.take(step),
              name ->
                  catalogue.find(name).group() == ParameterGroup.CONDITIONING
                      ? rate * CONDITIONING_SHARE
                      : rate);
      step++;
      lossSum += loss;
      lossCount++;
      if (lossCount == LOSS_POINT_STEPS) {
        losses.add(new LossPoint(step, lossSum / lossCount));
        lossSum = 0;
        lossCount = 0;
      }
      try {
        progress.onStep(step, Math.min(1, share(step)), loss, rate);
      } catch (RuntimeException e) {
        // Who listens ends the training: nothing of it is lost.
        save(loop, step);
        throw e;
      }
      boolean last = share(step) >= 1;
      boolean validated = !last && step % settings.validateEvery() == 0;
      if (validated) {
        validate(loop, step);
      }
      if (validated || (!last && step % SAVE_STEPS == 0)) {
        save(loop, step);
      }
    }
    if (step > firstStep || !Files.exists(folder.resolve(LAST))) {
      if (history.isEmpty() || history.get(history.size() - 1).step() < step) {
        validate(loop, step);
      }
      save(loop, step);
    }
    LearningCurve.write(folder.resolve(CURVE), losses, history);
    return new Trained(
        Checkpoint.load(folder.resolve(BEST)),
        Checkpoint.load(folder.resolve(LAST)),
        history,
        losses,
        step);
  }

  private void validate(TrainingLoop loop, long step) throws IOException {
    Weights averaged = loop.averaged();
    if (split.validation().isEmpty()) {
      Checkpoint checkpoint = checkpoint(averaged, step, null);
      checkpoint.save(folder.resolve(BEST));
      checkpoint.save(folder.resolve(LAST));
      return;
    }
    Validation.Measured validated =
        new Validation(data, split.validation(), LEAST_RECALL, compute).measure(averaged, step);
    ValidationPoint point = validated.point();
    history.add(point);
    boolean best = best().step() == point.step();
    Checkpoint checkpoint = checkpoint(averaged, step, validated);
    if (best) {
      checkpoint.save(folder.resolve(BEST));
    }
    checkpoint.save(folder.resolve(LAST));
    progress.onValidation(point, averaged, best);
  }

  private void save(TrainingLoop loop, long step) throws IOException {
    new TrainingState(
            step,
            Duration.ofNanos(System.nanoTime() - started),
            loop.weights(),
            loop.averaged(),
            loop.optimiser().state(),
            loop.optimiser().steps(),
            history,
            losses)
        .save(folder.resolve(STATE), run);
  }

  private Checkpoint checkpoint(Weights weights, long step, Validation.Measured validated) {
    TreeMap<String, Double> metrics = new TreeMap<>();
    MaskThresholds thresholds = MaskThresholds.uncalibrated(UNMEASURED_THRESHOLD);
    if (validated != null) {
      metrics.putAll(validated.point().metrics());
      metrics.putAll(validated.bySet());
      thresholds = validated.thresholds();
    }
    metrics.put("training.steps", (double) step);
    metrics.put("training.images", (double) split.training().size());
    metrics.put("validation.images", (double) split.validation().size());
    return new Checkpoint(
        weights, new CheckpointMetadata(0, thresholds, data.about(), data.licence(), metrics));
  }

  private ValidationPoint best() {
    ValidationPoint best = history.get(0);
    for (ValidationPoint point : history) {
      if (point.score(LEAST_RECALL) > best.score(LEAST_RECALL)) {
        best = point;
      }
    }
    return best;
  }

  /** Tells whether the last validations, as many as the patience, were all no better. */
  private boolean outOfPatience() {
    if (settings.patience() == 0 || history.isEmpty()) {
      return false;
    }
    return history.size() - 1 - history.indexOf(best()) >= settings.patience();
  }

  private double share(long step) {
    double bySteps = (double) step / settings.maxSteps();
    double byTime = (System.nanoTime() - started) / (double) settings.maxDuration().toNanos();
    return Math.max(bySteps, byTime);
  }
}
