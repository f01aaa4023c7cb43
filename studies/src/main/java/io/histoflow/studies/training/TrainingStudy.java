package io.histoflow.studies.training;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.evaluation.Evaluation;
import io.histoflow.evaluation.Evaluator;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.model.ParameterCatalogue;
import io.histoflow.segmentation.model.ParameterSpec;
import io.histoflow.training.PatientSplit;
import io.histoflow.training.Trained;
import io.histoflow.training.Training;
import io.histoflow.training.TrainingData;
import io.histoflow.training.TrainingProgress;
import io.histoflow.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Trains several variants of a network with several seeds and measures them on the same held-out
 * patients. Weights are the last ones and the mask threshold is 0.5, so nothing is chosen by the
 * held-out images. A stopped study goes on where it was.
 */
public final class TrainingStudy {

  private static final double THRESHOLD = 0.5;

  private final TrainingData data;
  private final PatientSplit split;
  private final int seeds;
  private final Compute compute;
  private final Path folder;

  /**
   * Makes a study.
   *
   * @param data of all organs
   * @param validationShare share of the images that is held out by patient, above 0 and below 1
   * @param seeds trainings of each variant, 1 or more
   * @param folder takes one folder a training
   */
  public TrainingStudy(
      TrainingData data, double validationShare, int seeds, Compute compute, Path folder) {
    if (seeds < 1) {
      throw new IllegalArgumentException("a study needs at least 1 seed, not " + seeds);
    }
    this.data = data;
    this.split = PatientSplit.of(data.tiles(), validationShare, 1);
    this.seeds = seeds;
    this.compute = compute;
    this.folder = folder;
    if (split.validation().isEmpty()) {
      throw new IllegalArgumentException(
          "no patient can be held out: every organ has images of one patient only");
    }
  }

  /**
   * Runs the study.
   *
   * @param progress hears of each training
   * @throws IOException where the folder cannot be written
   * @throws CheckpointRejectedException where the folder holds trainings of another study
   */
  public TrainingStudyResult run(
      String name, List<TrainingVariant> variants, ProgressListener progress)
      throws IOException, CheckpointRejectedException {
    List<TrainingStudyResult.Row> rows = new ArrayList<>();
    int trainings = variants.size() * seeds;
    int done = 0;
    for (TrainingVariant variant : variants) {
      List<Evaluation> bySeed = new ArrayList<>();
      for (int seed = 1; seed <= seeds; seed++) {
        progress.onProgress(name, done, trainings, variant.name() + ", seed " + seed);
        bySeed.add(train(variant, seed));
        done++;
      }
      rows.add(TrainingStudyResult.Row.of(variant, parameters(variant.settings()), bySeed));
    }
    progress.onProgress(name, done, trainings, "");
    TrainingSettings settings = variants.get(0).settings();
    return new TrainingStudyResult(
        name,
        data.about(),
        split.training().size(),
        split.validation().size(),
        settings.width(),
        settings.maxSteps(),
        seeds,
        rows);
  }

  private Evaluation train(TrainingVariant variant, int seed)
      throws IOException, CheckpointRejectedException {
    TrainingSettings settings =
        variant.settings().toBuilder()
            .optSeed(seed)
            .optPatience(0)
            .optValidateEvery(Integer.MAX_VALUE)
            .build();
    String name = variant.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-");
    // Trained without a look at the held-out images; they are measured once, below.
    Trained trained =
        Training.run(
            data,
            new PatientSplit(split.training(), List.of()),
            settings,
            compute,
            folder.resolve(name).resolve("seed-" + seed),
            new TrainingProgress() {});
    try (Segmenter segmenter = Segmenter.open(trained.last(), compute)) {
      return Evaluator.of(segmenter)
          .evaluateTiles(split.validation(), THRESHOLD, ProgressListener.SILENT);
    }
  }

  private long parameters(TrainingSettings settings) {
    List<String> organs = data.tiles().stream().map(tile -> tile.organ()).toList();
    return ParameterCatalogue.of(settings.network(organs)).all().stream()
        .filter(spec -> !spec.buffer())
        .mapToLong(ParameterSpec::size)
        .sum();
  }
}
