package io.histoflow.finetuning;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.evaluation.calibration.CalibrationUnit;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.RescalingSegmenter;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.inference.TileSegmenter;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures models on the same tiles, one of them in memory at a time: each as it is deployed, at
 * its own resolution and back in the pixels of the tile's mask.
 */
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
      for (TileSource source : sources) {
        LabelledTile tile = source.decode();
        TileSegmenter bounded =
            RescalingSegmenter.of(segmenter, model.resolution().of(tile.micronsPerPixel()));
        float[] probabilities = bounded.probabilities(tile.image(), tile.organ());
        tiles.add(new CalibrationUnit(tile.organ(), PrecisionRecallCurve.of(probabilities, tile)));
        progress.onProgress(phase, tiles.size(), sources.size(), tile.id());
      }
    }
    return new Measurement(tiles);
  }
}
