package io.histoflow.finetuning;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.segmentation.ProgressListener;
import io.histoflow.segmentation.calibration.CalibrationUnit;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.dataset.LabelledTile;
import io.histoflow.segmentation.evaluation.BlendingSegmenter;
import io.histoflow.segmentation.evaluation.PrecisionRecallCurve;
import io.histoflow.segmentation.evaluation.TileSegmenter;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import java.util.ArrayList;
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
    List<CalibrationUnit> tiles = new ArrayList<>(heldOut.size());
    try (Segmenter segmenter = Segmenter.open(model, compute)) {
      TileSegmenter bounded = BlendingSegmenter.of(segmenter);
      for (Correction correction : heldOut) {
        LabelledTile tile = correction.decode();
        float[] probabilities = bounded.probabilities(tile.image(), tile.organ());
        tiles.add(
            new CalibrationUnit(tile.organ(), PrecisionRecallCurve.of(probabilities, tile.mask())));
        progress.onProgress(phase, tiles.size(), heldOut.size(), tile.id());
      }
    }
    return new Measurement(tiles);
  }
}
