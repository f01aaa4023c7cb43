package io.histoflow.studies.paper;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.evaluation.Evaluation;
import io.histoflow.evaluation.Evaluator;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import io.histoflow.training.FineTuning;
import io.histoflow.training.FineTuningSettings;
import io.histoflow.training.PatientSplit;
import io.histoflow.training.Training;
import io.histoflow.training.TrainingData;
import io.histoflow.training.TrainingProgress;
import io.histoflow.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The paper's experiment (Bioengineering 2025, 12, 1156): a network from scratch, then one round
 * with a human in the loop, whom the truth plays. The tiles of the highest mean entropy of each
 * organ are corrected; decoder and conditioning learn from them; images that neither training nor
 * correction has seen are measured before and after, at a mask threshold of {@link #THRESHOLD} and,
 * since a round moves probabilities as a whole, at the same precision. A stopped training goes on
 * where it was.
 */
final class PaperStudy {

  /** Of every mask: nothing is chosen by what is measured. */
  static final double THRESHOLD = 0.5;

  private final TrainingData data;
  private final TrainingSettings settings;
  private final FineTuningSettings round;
  private final double share;
  private final int tileSize;
  private final Compute compute;
  private final Path folder;
  private final SlideBlocks blocks;

  /**
   * Makes a study.
   *
   * @param share of each organ's tiles in the pool that is corrected, above 0 and up to 1
   * @param tileSize edge of a tile in pixels
   * @param folder takes the training
   * @throws IllegalArgumentException where an organ has too few images
   */
  PaperStudy(
      TrainingData data,
      TrainingSettings settings,
      FineTuningSettings round,
      double share,
      int tileSize,
      Compute compute,
      Path folder) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "the share that is corrected must be above 0 and at most 1, not " + share);
    }
    this.data = data;
    this.settings = settings.toBuilder().optPatience(0).optValidateEvery(Integer.MAX_VALUE).build();
    this.round = round;
    this.share = share;
    this.tileSize = tileSize;
    this.compute = compute;
    this.folder = folder;
    blocks = SlideBlocks.of(data.tiles());
  }

  /**
   * Runs the study.
   *
   * @param training hears of each step; where it throws, the training can be gone on with
   * @param progress hears of what follows
   * @throws IOException where the folder cannot be written
   * @throws CheckpointRejectedException where the folder holds another training
   */
  PaperResult run(TrainingProgress training, ProgressListener progress)
      throws IOException, CheckpointRejectedException {
    Checkpoint base =
        Training.run(
                data,
                new PatientSplit(blocks.training(), List.of()),
                settings,
                compute,
                folder,
                training)
            .last();
    List<LabelledTile> corrected = mostUncertain(base);
    Checkpoint tuned =
        FineTuning.run(base, corrected, List.of(), round, compute, progress).candidate();
    return new PaperResult(
        blocks.training().size(),
        blocks.pool().size(),
        corrected.size(),
        evaluate(base, progress),
        evaluate(tuned, progress));
  }

  private Evaluation evaluate(Checkpoint model, ProgressListener progress) {
    try (Segmenter segmenter = Segmenter.open(model, compute)) {
      return Evaluator.of(segmenter).evaluateTiles(blocks.test(), THRESHOLD, progress);
    }
  }

  private List<LabelledTile> mostUncertain(Checkpoint base) {
    record Scored(LabelledTile tile, double score) {}
    Map<String, List<Scored>> byOrgan = new TreeMap<>();
    try (Segmenter segmenter = Segmenter.open(base, compute)) {
      for (LabelledTile image : blocks.pool()) {
        for (LabelledTile tile : image.cut(tileSize)) {
          float[] p = segmenter.probabilities(tile.image(), tile.organ());
          byOrgan
              .computeIfAbsent(tile.organ(), organ -> new ArrayList<>())
              .add(new Scored(tile, RoutingScore.MEAN_ENTROPY.of(tile.image(), p, THRESHOLD)));
        }
      }
    }
    return byOrgan.values().stream()
        .flatMap(
            scored ->
                scored.stream()
                    .sorted(Comparator.comparingDouble(Scored::score).reversed())
                    .limit(Math.max(1, Math.round(share * scored.size())))
                    .map(Scored::tile))
        .toList();
  }
}
