package io.histoflow.finetuning;

import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.evaluation.calibration.CalibrationUnit;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.util.List;

/** A model on the tiles of an evaluation. Immutable. */
final class Measurement {
  private final List<CalibrationUnit> tiles;
  private final PrecisionRecallCurve curve;

  Measurement(List<CalibrationUnit> tiles) {
    this.tiles = List.copyOf(tiles);
    this.curve =
        tiles.stream()
            .map(CalibrationUnit::curve)
            .reduce(PrecisionRecallCurve.EMPTY, PrecisionRecallCurve::plus);
  }

  /** Returns the number of tiles. */
  int images() {
    return tiles.size();
  }

  /** Returns precision and recall over all their pixels. */
  PrecisionRecallCurve curve() {
    return curve;
  }

  /** Returns the model on each tile that has something to find. */
  List<CalibrationUnit> positive() {
    return tiles.stream().filter(tile -> tile.curve().positivePixels() > 0).toList();
  }

  /** Returns the mean over these of the share missed, 0..1; NaN without any. */
  double meanMissed(MaskThresholds thresholds) {
    return positive().stream()
        .mapToDouble(
            tile -> tile.curve().at(thresholds.thresholdFor(tile.organ())).falseNegativeRate())
        .average()
        .orElse(Double.NaN);
  }

  /** Returns the model on each tile. */
  List<CalibrationUnit> tiles() {
    return tiles;
  }
}
