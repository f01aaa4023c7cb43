package io.histoflow.finetuning;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.segmentation.ProgressListener;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.dataset.LabelledTile;
import io.histoflow.segmentation.evaluation.PrecisionRecallCurve;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.Segmenter;
import java.util.List;

/** Measures models on the held-out corrections, one tile in memory at a time. */
final class HeldOutEvaluation {
  private final List<Correction> heldOut;
  private final Compute compute;

  /**
   * @param heldOut the corrections to measure on
   * @param compute where the network runs
   */
  HeldOutEvaluation(List<Correction> heldOut, Compute compute) {
    this.heldOut = List.copyOf(heldOut);
    this.compute = compute;
  }

  /**
   * Measures a model.
   *
   * @param phase what is measured, for the progress
   * @throws ImageRejectedException when a correction that was sound before cannot be decoded
   */
  Measurement of(Checkpoint model, String phase, ProgressListener progress)
      throws ImageRejectedException {
    PrecisionRecallCurve curve = PrecisionRecallCurve.EMPTY;
    try (Segmenter segmenter = Segmenter.open(model, compute)) {
      int done = 0;
      for (Correction correction : heldOut) {
        LabelledTile tile = correction.decode();
        Segmentation segmentation =
            segmenter.segment(List.of(new SegmentationInput(tile.image(), tile.organ()))).get(0);
        curve = curve.plus(PrecisionRecallCurve.of(segmentation.probabilities(), tile.mask()));
        done++;
        progress.onProgress(phase, done, heldOut.size(), tile.id());
      }
    }
    return new Measurement(heldOut.size(), curve);
  }
}
