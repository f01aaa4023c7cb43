package io.histoflow.training;

import io.histoflow.datasets.DatasetException;
import io.histoflow.datasets.ImageList;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.Compute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Patient-wise cross-validation: every image is segmented by a model that saw no image of its
 * patient. What the held-out images say of the fold models is said of the recipe; the model that
 * ships is trained by the same recipe on all images.
 *
 * <p>Each fold is a {@link Training} in a folder of its own, so a stopped cross-validation goes on,
 * and folds may be trained by several processes.
 */
public final class CrossValidation {

  private static final String WHOLE = "whole";

  private final TrainingData data;
  private final List<PatientSplit> folds;
  private final TrainingSettings settings;
  private final Optional<Path> earlier;
  private final Compute compute;
  private final Path folder;

  /**
   * Makes a cross-validation.
   *
   * @param count of folds, 2 or more
   * @param settings of every training; its validation share does not matter, early stopping is off
   * @param earlier the folder of an earlier cross-validation over the same folds; each model starts
   *     from that fold's model there, widened where this one is to be wider
   * @param folder takes one folder a fold
   */
  public CrossValidation(
      TrainingData data,
      int count,
      TrainingSettings settings,
      Optional<Path> earlier,
      Compute compute,
      Path folder) {
    this.data = data;
    this.folds = PatientSplit.folds(data.tiles(), count, settings.seed());
    this.settings = settings;
    this.earlier = earlier;
    this.compute = compute;
    this.folder = folder;
    if (settings.patience() > 0) {
      throw new IllegalArgumentException(
          "cross-validation does not stop early: held-out images may choose nothing");
    }
  }

  /**
   * Trains one fold's model, or reads it where that was done before.
   *
   * @param fold counted from 1
   */
  public FoldModel fold(int fold, TrainingProgress progress)
      throws IOException, CheckpointRejectedException {
    if (fold < 1 || fold > folds.size()) {
      throw new IllegalArgumentException(
          "the fold must be in 1..%d, not %d".formatted(folds.size(), fold));
    }
    PatientSplit split = folds.get(fold - 1);
    String name = name(fold);
    Trained trained =
        Training.run(data, split, settings, earlier(name), compute, folder.resolve(name), progress);
    return new FoldModel(fold, trained.last(), split.validation());
  }

  /** Trains all folds' models, one after the other. */
  public List<FoldModel> all(TrainingProgress progress)
      throws IOException, CheckpointRejectedException {
    List<FoldModel> models = new ArrayList<>();
    for (int fold = 1; fold <= folds.size(); fold++) {
      models.add(fold(fold, progress));
    }
    return models;
  }

  /** Trains the model of all images. */
  public Trained whole(TrainingProgress progress) throws IOException, CheckpointRejectedException {
    return Training.run(
        data,
        new PatientSplit(data.tiles(), List.of()),
        settings,
        earlier(WHOLE),
        compute,
        folder.resolve(WHOLE),
        progress);
  }

  /**
   * Reads the fold models of an earlier cross-validation.
   *
   * @param folder of its folds
   * @param tiles the images that it held out, by their ids; their masks may be others
   * @throws IllegalArgumentException where there is no fold, or an image is missing
   */
  public static List<FoldModel> read(Path folder, List<LabelledTile> tiles)
      throws IOException, CheckpointRejectedException {
    List<FoldModel> models = new ArrayList<>();
    for (int fold = 1; Files.exists(folder.resolve(name(fold)).resolve(Training.LAST)); fold++) {
      Path own = folder.resolve(name(fold));
      models.add(
          new FoldModel(fold, Checkpoint.load(own.resolve(Training.LAST)), heldOut(own, tiles)));
    }
    if (models.isEmpty()) {
      throw new IllegalArgumentException(
          "%s holds no model of a fold: name the --work folder of 'train --folds'"
              .formatted(folder));
    }
    return models;
  }

  private static List<LabelledTile> heldOut(Path own, List<LabelledTile> tiles) {
    try {
      return ImageList.read(own.resolve(Training.HELD_OUT)).choose(tiles, LabelledTile::id);
    } catch (DatasetException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static String name(int fold) {
    return "fold-" + fold;
  }

  private Optional<Path> earlier(String name) {
    return earlier.map(folds -> folds.resolve(name));
  }
}
