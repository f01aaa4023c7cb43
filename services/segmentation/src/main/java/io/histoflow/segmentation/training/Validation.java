package io.histoflow.segmentation.training;

import io.histoflow.segmentation.dataset.LabelledTile;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.NetworkRunner;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.model.Weights;
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

  ValidationPoint measure(Weights weights, long step) {
    ThresholdSweep sweep = new ThresholdSweep();
    try (NetworkRunner runner = new NetworkRunner(weights, compute)) {
      for (LabelledTile tile : tiles) {
        SegmentationInput input = new SegmentationInput(tile.image(), tile.organ());
        sweep.add(runner.probabilities(List.of(input)).get(0), tile.mask());
      }
    }
    ThresholdSweep.Point chosen = sweep.recallFirst(leastRecall);
    return new ValidationPoint(
        step,
        chosen.threshold(),
        chosen.recall(),
        chosen.precision(),
        chosen.dice(),
        sweep.at(0.5).dice());
  }
}
