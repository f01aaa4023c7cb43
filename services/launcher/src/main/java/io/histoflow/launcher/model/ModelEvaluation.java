package io.histoflow.launcher.model;

import io.histoflow.segmentation.ProgressListener;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.dataset.Sample;
import io.histoflow.segmentation.evaluation.EvaluatedModel;
import io.histoflow.segmentation.evaluation.Evaluation;
import io.histoflow.segmentation.evaluation.Evaluator;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import java.util.Collection;

/** Measures a checkpoint on images with known masks, at the checkpoint's own mask thresholds. */
public final class ModelEvaluation {
  private ModelEvaluation() {}

  /**
   * Segments every image and compares it with the truth.
   *
   * @param checkpoint the model
   * @param compute where it runs
   * @param samples images with masks
   * @param progress told after every image
   */
  public static Evaluation of(
      Checkpoint checkpoint,
      Compute compute,
      Collection<Sample> samples,
      ProgressListener progress) {
    EvaluatedModel model =
        new EvaluatedModel(
            checkpoint.modelId(),
            checkpoint.version(),
            checkpoint.config().width(),
            checkpoint.sha256());
    try (Segmenter segmenter = Segmenter.open(checkpoint, compute)) {
      return new Evaluator(segmenter, model)
          .evaluateSamples(samples, checkpoint.thresholds(), progress);
    }
  }
}
