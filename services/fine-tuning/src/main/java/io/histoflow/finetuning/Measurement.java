package io.histoflow.finetuning;

import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.evaluation.calibration.CalibrationUnit;
import java.util.List;

/** A model on the tiles of an evaluation. Immutable. */
final class Measurement {
  private final List<CalibrationUnit> tiles;
  private final PrecisionRecallCurve curve;

  /**
   * @param tiles the model on each of them
   */
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

  /** Returns the model on each tile. */
  List<CalibrationUnit> tiles() {
    return tiles;
  }
}
