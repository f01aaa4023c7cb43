package io.histoflow.segmentation.training;

import io.histoflow.segmentation.calibration.MaskThresholds;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.segmentation.dataset.LabelledTile;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.loss.HistoLoss;
import io.histoflow.segmentation.model.ClinSegNet;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.segmentation.model.Weights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Trains a ClinSegNet from scratch: random augmented crops, AdamW with warm-up and cosine decay,
 * averaged weights, validation on held-out patients.
 *
 * <p>In its folder it keeps {@code best.safetensors} and {@code last.safetensors}, {@code
 * state.safetensors} from which a killed training goes on when it is started again with the same
 * settings and tiles, and at the end {@code learning-curve.png}.
 *
 * <p>On one machine and with a number of steps rather than a time, the same seed gives the same
 * crops and the same order; PyTorch's sums over threads may still differ in the last bits.
 */
public final class Training {

  /** The checkpoint of the highest score, in the training's folder. */
  public static final String BEST = "best.safetensors";

  /** The latest checkpoint, in the training's folder. */
  public static final String LAST = "last.safetensors";

  private static final String STATE = "state.safetensors";
  private static final String CURVE = "learning-curve.png";
  private static final int LOSS_POINT_STEPS = 10;

  private final TrainingSettings settings;
  private final Compute compute;
  private final Path folder;
  private final TrainingProgress progress;
  private final PatientSplit split;
  private final ClinSegNetConfig config;
  private final String trainingData;
  private final String licence;
  private final String run;
  private final List<ValidationPoint> history = new ArrayList<>();
  private final List<LossPoint> losses = new ArrayList<>();
  private long started;

  private Training(
      List<LabelledTile> tiles,
      String trainingData,
      String licence,
      TrainingSettings settings,
      Compute compute,
      Path folder,
      TrainingProgress progress) {
    this.settings = settings;
    this.compute = compute;
    this.folder = folder;
    this.progress = progress;
    this.trainingData = trainingData;
    this.licence = licence;
    split = PatientSplit.of(tiles, settings.validationShare(), settings.seed());
    ClinSegNetConfig standard =
        ClinSegNetConfig.standard(
            settings.width(), tiles.stream().map(LabelledTile::organ).toList());
    config =
        new ClinSegNetConfig(
            settings.width(),
            standard.organs(),
            settings.embeddingSize(),
            settings.squeezeExcitation(),
            settings.film(),
            settings.edgeHead(),
            InputColour.RGB);
    String ids = tiles.stream().map(LabelledTile::id).collect(Collectors.joining(","));
    run =
        Safetensors.sha256((settings + "|" + config + "|" + ids).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Trains, or goes on where a training in the folder was stopped.
   *
   * @param tiles of all organs, whole images in memory
   * @param trainingData what they are, for the checkpoint
   * @param licence of the weights, for the checkpoint
   * @param folder takes checkpoints, state and curve; is made where it is missing
   * @throws IOException where the folder cannot be written
   * @throws CheckpointRejectedException where the folder holds the state of another training
   * @throws IllegalArgumentException where there is no tile to train on
   * @throws IllegalStateException where the loss diverges
   */
  public static Trained run(
      List<LabelledTile> tiles,
      String trainingData,
      String licence,
      TrainingSettings settings,
      Compute compute,
      Path folder,
      TrainingProgress progress)
      throws IOException, CheckpointRejectedException {
    Files.createDirectories(folder);
    return new Training(tiles, trainingData, licence, settings, compute, folder, progress).run();
  }

  private Trained run() throws IOException, CheckpointRejectedException {
    TileDraw draw = new TileDraw(split.training());
    Path stateFile = folder.resolve(STATE);
    TrainingState resumed =
        Files.exists(stateFile) ? TrainingState.load(stateFile, run, config) : null;
    Weights start = resumed == null ? Weights.initial(config, settings.seed()) : resumed.weights();
    started = System.nanoTime();
    try (TrainingLoop loop =
        new TrainingLoop(
            ClinSegNet.forTraining(config),
            start,
            spec -> true,
            new HistoLoss(settings.loss()),
            settings.weightDecay(),
            settings.clipNorm(),
            settings.averageDecay(),
            compute)) {
      long step = 0;
      if (resumed != null) {
        step = resumed.step();
        started -= resumed.elapsed().toNanos();
        history.addAll(resumed.history());
        losses.addAll(resumed.losses());
        loop.restore(resumed.averages(), resumed.moments(), resumed.moved());
      }
      return train(loop, draw, step);
    }
  }

  private Trained train(TrainingLoop loop, TileDraw draw, long firstStep)
      throws IOException, CheckpointRejectedException {
    LearningRateSchedule schedule =
        new LearningRateSchedule(settings.learningRate(), settings.warmupSteps());
    long step = firstStep;
    double lossSum = 0;
    int lossCount = 0;
    while (share(step) < 1) {
      SplittableRandom random = new SplittableRandom(settings.seed() * 1_000_003 + step);
      TrainingBatch batch =
          TrainingBatch.draw(
              draw.draw(settings.batchSize(), random),
              config,
              settings.cropSize(),
              settings.stainJitter(),
              settings.organDropout(),
              random);
      double rate = schedule.at(step, share(step));
      double loss = loop.step(batch, rate);
      step++;
      lossSum += loss;
      lossCount++;
      if (lossCount == LOSS_POINT_STEPS) {
        losses.add(new LossPoint(step, lossSum / lossCount));
        lossSum = 0;
        lossCount = 0;
      }
      progress.onStep(step, Math.min(1, share(step)), loss, rate);
      if (step % settings.validateEvery() == 0 && share(step) < 1) {
        validate(loop, step);
      }
    }
    if (history.isEmpty() || history.get(history.size() - 1).step() < step) {
      validate(loop, step);
    }
    LearningCurve.write(folder.resolve(CURVE), losses, history);
    return new Trained(
        Checkpoint.load(folder.resolve(BEST)),
        Checkpoint.load(folder.resolve(LAST)),
        best(),
        history,
        losses,
        step);
  }

  private void validate(TrainingLoop loop, long step) throws IOException {
    Weights averaged = loop.averaged();
    List<LabelledTile> measured =
        split.validation().isEmpty() ? split.training() : split.validation();
    Validation.Measured validated =
        new Validation(measured, settings.leastRecall(), compute).measure(averaged, step);
    ValidationPoint point = validated.point();
    history.add(point);
    boolean best = best().step() == point.step();
    Checkpoint checkpoint = checkpoint(averaged, validated);
    if (best) {
      checkpoint.save(folder.resolve(BEST));
    }
    checkpoint.save(folder.resolve(LAST));
    new TrainingState(
            step,
            Duration.ofNanos(System.nanoTime() - started),
            loop.weights(),
            averaged,
            loop.optimiser().state(),
            loop.optimiser().steps(),
            history,
            losses)
        .save(folder.resolve(STATE), run);
    progress.onValidation(point, averaged, best);
  }

  private Checkpoint checkpoint(Weights weights, Validation.Measured validated) {
    ValidationPoint point = validated.point();
    // Tiles that the weights have learned from say nothing of those to come.
    MaskThresholds thresholds =
        split.validation().isEmpty()
            ? MaskThresholds.uncalibrated(point.threshold())
            : validated.thresholds();
    TreeMap<String, Double> metrics = new TreeMap<>(point.metrics());
    metrics.put("training.steps", (double) point.step());
    metrics.put("training.images", (double) split.training().size());
    metrics.put("validation.images", (double) split.validation().size());
    return new Checkpoint(
        weights, new CheckpointMetadata(0, thresholds, trainingData, licence, metrics));
  }

  private ValidationPoint best() {
    ValidationPoint best = history.get(0);
    for (ValidationPoint point : history) {
      if (point.score(settings.leastRecall()) > best.score(settings.leastRecall())) {
        best = point;
      }
    }
    return best;
  }

  private double share(long step) {
    double bySteps = (double) step / settings.maxSteps();
    double byTime = (System.nanoTime() - started) / (double) settings.maxDuration().toNanos();
    return Math.max(bySteps, byTime);
  }
}
