package io.histoflow.studies.thresholds;

import io.histoflow.evaluation.OperatingPoint;
import io.histoflow.evaluation.PrecisionRecallCurve;
import java.util.List;
import java.util.Map;

/**
 * A tile of which a study keeps the style and how the model fares at every threshold.
 *
 * @param set its data set
 * @param laboratory left out as one; several sets may be of it
 * @param styles each figure of its style
 * @param curve with at least one positive pixel
 */
record StyledTile(
    String set, String laboratory, Map<TileStyle, Double> styles, PrecisionRecallCurve curve) {

  /**
   * No tile's own threshold lies outside: one that the network is blind to would weigh too much.
   */
  private static final double LOWEST = 0.002;

  private static final double HIGHEST = 0.9;

  StyledTile {
    styles = Map.copyOf(styles);
    if (curve.positivePixels() == 0) {
      throw new IllegalArgumentException("a tile without a positive pixel has no recall");
    }
  }

  /** Returns the logit of the highest threshold at which the tile's recall is still so high. */
  double logitAt(double recall) {
    double threshold =
        OperatingPoint.atRecall(List.of(curve), recall)
            .map(OperatingPoint::threshold)
            .orElse(LOWEST);
    double bounded = Math.max(LOWEST, Math.min(HIGHEST, threshold));
    return Math.log(bounded / (1 - bounded));
  }
}
