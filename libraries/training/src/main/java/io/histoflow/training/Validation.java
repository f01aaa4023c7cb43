package io.histoflow.training;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.evaluation.OperatingPoint;
import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.evaluation.calibration.CalibrationUnit;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.NetworkRunner;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.util.ArrayList;
import java.util.List;

/** Measures weights on the held-out tiles, as deployment would run them. */
final class Validation {

  private final List<LabelledTile> tiles;
  private final double leastRecall;
  private final Compute compute;

  Validation(List<LabelledTile> tiles, double leastRecall, Compute compute) {
    this.tiles = tiles;
    this.leastRecall = leastRecall;
    this.compute = compute;
  }

  /**
   * What the weights reached, and the mask thresholds that go with them.
   *
   * @param point at the threshold chosen recall first
   * @param thresholds calibrated on the held-out tiles; where these are too few, the one threshold
   *     chosen recall first, without a guarantee
   */
  record Measured(ValidationPoint point, MaskThresholds thresholds) {}

  Measured measure(Weights weights, long step) {
    List<PrecisionRecallCurve> curves = new ArrayList<>();
    List<CalibrationUnit> units = new ArrayList<>();
    try (NetworkRunner runner = new NetworkRunner(weights, compute)) {
      for (LabelledTile tile : tiles) {
        SegmentationInput input = new SegmentationInput(tile.image(), tile.organ());
        PrecisionRecallCurve curve =
            PrecisionRecallCurve.of(runner.probabilities(List.of(input)).get(0), tile.mask());
        curves.add(curve);
        units.add(new CalibrationUnit(tile.organ(), curve));
      }
    }
    OperatingPoint chosen = ThresholdSweep.recallFirst(curves, leastRecall);
    return new Measured(
        new ValidationPoint(
            step,
            chosen.threshold(),
            chosen.recall(),
            chosen.precision(),
            chosen.dice(),
            OperatingPoint.of(curves, 0.5).dice()),
        Calibration.standard()
            .of(units)
            .orElseGet(() -> MaskThresholds.uncalibrated(chosen.threshold())));
  }
}
