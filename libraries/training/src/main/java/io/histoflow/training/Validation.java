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
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Measures weights on the held-out tiles, as deployment would run them. */
final class Validation {

  private final TrainingData data;
  private final List<LabelledTile> tiles;
  private final double leastRecall;
  private final Compute compute;

  /**
   * Makes a validation.
   *
   * @param data the sets that the tiles are of
   * @param tiles held out
   */
  Validation(TrainingData data, List<LabelledTile> tiles, double leastRecall, Compute compute) {
    this.data = data;
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
   * @param bySet figures of each set at the point's threshold, by the names that checkpoints carry;
   *     empty where there is one set only
   */
  record Measured(ValidationPoint point, MaskThresholds thresholds, Map<String, Double> bySet) {}

  Measured measure(Weights weights, long step) {
    IdentityHashMap<LabelledTile, PrecisionRecallCurve> byTile = new IdentityHashMap<>();
    List<PrecisionRecallCurve> curves = new ArrayList<>();
    List<CalibrationUnit> units = new ArrayList<>();
    try (NetworkRunner runner = new NetworkRunner(weights, compute)) {
      for (LabelledTile tile : tiles) {
        SegmentationInput input = new SegmentationInput(tile.image(), tile.organ());
        PrecisionRecallCurve curve =
            PrecisionRecallCurve.of(runner.probabilities(List.of(input)).get(0), tile);
        byTile.put(tile, curve);
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
            .orElseGet(() -> MaskThresholds.uncalibrated(chosen.threshold())),
        data.sets().size() == 1 ? Map.of() : bySet(byTile, chosen.threshold()));
  }

  private Map<String, Double> bySet(
      IdentityHashMap<LabelledTile, PrecisionRecallCurve> byTile, double threshold) {
    Map<String, Double> figures = new TreeMap<>();
    for (TrainingSet set : data.sets()) {
      List<PrecisionRecallCurve> curves =
          set.tiles().stream().filter(byTile::containsKey).map(byTile::get).toList();
      OperatingPoint point = OperatingPoint.of(curves, threshold);
      PrecisionRecallCurve pixels =
          curves.stream().reduce(PrecisionRecallCurve.EMPTY, PrecisionRecallCurve::plus);
      figures.put("validation.images: " + set.name(), (double) curves.size());
      figures.put("validation.recall: " + set.name(), point.recall());
      figures.put("validation.precision: " + set.name(), point.precision());
      figures.put("validation.dice: " + set.name(), point.dice());
      figures.put("validation.averagePrecision: " + set.name(), pixels.averagePrecision());
    }
    figures.values().removeIf(value -> value.isNaN());
    return figures;
  }
}
