package io.histoflow.finetuning;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.evaluation.calibration.CalibrationUnit;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.BlendingSegmenter;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.inference.TileSegmenter;
import java.util.ArrayList;
import java.util.List;

/** Measures models on the same tiles, one of them in memory at a time. */
record TileEvaluation(List<? extends TileSource> sources, Compute compute) {

  /**
   * Measures a model.
   *
   * @param phase what is measured, for the progress
   * @throws ImageRejectedException when a tile that was sound before cannot be decoded
   */
  Measurement of(Checkpoint model, String phase, ProgressListener progress)
      throws ImageRejectedException {
    List<CalibrationUnit> tiles = new ArrayList<>(sources.size());
    try (Segmenter segmenter = Segmenter.open(model, compute)) {
      TileSegmenter bounded = BlendingSegmenter.of(segmenter);
      for (TileSource source : sources) {
        LabelledTile tile = source.decode();
        float[] probabilities = bounded.probabilities(tile.image(), tile.organ());
        tiles.add(
            new CalibrationUnit(tile.organ(), PrecisionRecallCurve.of(probabilities, tile.mask())));
        progress.onProgress(phase, tiles.size(), sources.size(), tile.id());
      }
    }
    return new Measurement(tiles);
  }
}
