package io.histoflow.studies.evaluation;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.Sample;
import io.histoflow.evaluation.EvaluatedModel;
import io.histoflow.evaluation.Evaluation;
import io.histoflow.evaluation.Evaluator;
import io.histoflow.evaluation.FlipTurnSegmenter;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Precision;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.studies.cost.ModelCost;
import io.histoflow.studies.report.Showcase;
import io.histoflow.studies.report.ShowcaseChoice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A checkpoint on a device, to be measured on images with known masks. */
public final class ModelEvaluation implements AutoCloseable {
  private final Compute compute;
  private final Segmenter segmenter;
  private final Evaluator evaluator;

  private ModelEvaluation(
      Checkpoint checkpoint, Compute compute, Precision precision, boolean flipsAndTurns) {
    this.compute = compute;
    segmenter = Segmenter.open(checkpoint, compute, precision);
    evaluator =
        new Evaluator(
            flipsAndTurns ? new FlipTurnSegmenter(segmenter) : segmenter,
            EvaluatedModel.of(checkpoint),
            checkpoint.resolution());
  }

  /**
   * Loads a checkpoint.
   *
   * @param precision in what it computes; figures on record are fp32
   * @param flipsAndTurns whether to average probabilities over the eight flips and turns of a tile
   */
  public static ModelEvaluation open(
      Checkpoint checkpoint, Compute compute, Precision precision, boolean flipsAndTurns) {
    return new ModelEvaluation(checkpoint, compute, precision, flipsAndTurns);
  }

  /**
   * Segments every image and compares it with the truth.
   *
   * @param thresholds to each image that of its organ is applied
   */
  public Evaluation evaluate(
      Collection<Sample> samples, MaskThresholds thresholds, ProgressListener progress) {
    return evaluator.evaluateSamples(samples, thresholds, progress);
  }

  /**
   * Counts what the network costs and measures its speed without flips and turns; takes a few
   * seconds. Large images raise the process's peak memory: call it before {@link #evaluate}.
   */
  public ModelCost cost() {
    return ModelCost.measure(segmenter, compute);
  }

  /**
   * Segments a few telling images again, for a report.
   *
   * @param evaluation of these samples
   * @param samples in the order of the evaluation
   */
  public List<Showcase> showcases(Evaluation evaluation, List<Sample> samples) {
    List<Showcase> showcases = new ArrayList<>();
    for (ShowcaseChoice choice : ShowcaseChoice.of(evaluation.results())) {
      LabelledTile image = samples.get(choice.index()).load();
      showcases.add(
          Showcase.of(
              choice.reason(),
              evaluation.results().get(choice.index()),
              image,
              evaluator.probabilities(image)));
    }
    return showcases;
  }

  @Override
  public void close() {
    segmenter.close();
  }
}
