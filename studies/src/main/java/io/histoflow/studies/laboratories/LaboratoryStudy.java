package io.histoflow.studies.laboratories;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.evaluation.Evaluation;
import io.histoflow.evaluation.Evaluator;
import io.histoflow.evaluation.ImageResult;
import io.histoflow.evaluation.OperatingPoint;
import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.training.PatientSplit;
import io.histoflow.training.Training;
import io.histoflow.training.TrainingData;
import io.histoflow.training.TrainingProgress;
import io.histoflow.training.TrainingSet;
import io.histoflow.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Leaves one laboratory out: trains on all data sets but one and measures on that one, whole. The
 * mask threshold is the highest at which mean recall reaches {@link #WANTED_RECALL} on patients of
 * the other sets that were held out, so nothing is chosen by the laboratory that is measured. A
 * stopped study goes on where it was.
 */
public final class LaboratoryStudy {

  /** What the threshold is set for, on held-out patients of the laboratories that are known. */
  public static final double WANTED_RECALL = 0.92;

  private static final double HELD_OUT = 0.15;

  private final TrainingData data;
  private final TrainingSettings settings;
  private final Checkpoint present;
  private final Compute compute;
  private final Path folder;

  /**
   * Makes a study.
   *
   * @param data two sets or more, each of a laboratory
   * @param present the model to compare with, measured at its stored thresholds; what it learned
   *     from may be among the sets
   * @param folder takes one folder a training
   * @throws IllegalArgumentException where there is one set only
   */
  public LaboratoryStudy(
      TrainingData data,
      TrainingSettings settings,
      Checkpoint present,
      Compute compute,
      Path folder) {
    if (data.sets().size() < 2) {
      throw new IllegalArgumentException("leaving a laboratory out needs at least 2 data sets");
    }
    this.data = data;
    this.settings = settings.toBuilder().optPatience(0).optValidateEvery(Integer.MAX_VALUE).build();
    this.present = present;
    this.compute = compute;
    this.folder = folder;
  }

  /**
   * Leaves one set out.
   *
   * @param left one of the data's
   * @param progress hears of each step; where it throws, the training can be gone on with
   * @throws IOException where the folder cannot be written
   * @throws CheckpointRejectedException where the folder holds the trainings of another study
   */
  public LeftOut leaveOut(TrainingSet left, TrainingProgress progress)
      throws IOException, CheckpointRejectedException {
    List<TrainingSet> known =
        data.sets().stream().filter(set -> !set.name().equals(left.name())).toList();
    TrainingData others = new TrainingData(known, data.licence());
    PatientSplit split = others.split(HELD_OUT, settings.seed());
    Checkpoint trained =
        Training.run(
                others,
                new PatientSplit(split.training(), List.of()),
                settings,
                compute,
                folder.resolve("without-" + left.name().replaceAll("[^A-Za-z0-9.]+", "-")),
                progress)
            .last();
    try (Segmenter before = Segmenter.open(present, compute);
        Segmenter after = Segmenter.open(trained, compute)) {
      Evaluator evaluator = Evaluator.of(after);
      double threshold = threshold(evaluator, split.validation());
      Evaluation now = evaluator.evaluateTiles(left.tiles(), threshold, ProgressListener.SILENT);
      Evaluation then =
          Evaluator.of(before)
              .evaluateTiles(left.tiles(), present.thresholds(), ProgressListener.SILENT);
      return new LeftOut(
          left.name(),
          split.training().size(),
          split.validation().size(),
          threshold,
          then.overall(),
          now.overall());
    }
  }

  private static double threshold(Evaluator evaluator, List<LabelledTile> heldOut) {
    List<PrecisionRecallCurve> curves =
        evaluator.evaluateTiles(heldOut, 0.5, ProgressListener.SILENT).results().stream()
            .map(ImageResult::curve)
            .toList();
    return OperatingPoint.atRecall(curves, WANTED_RECALL)
        .map(OperatingPoint::threshold)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no threshold reaches a recall of %s on held-out patients of the other sets; train longer"
                        .formatted(WANTED_RECALL)));
  }
}
