package io.histoflow.studies.thresholds;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** A straight line from a figure of the style to the logit of a threshold. */
record StyleLine(double slope, double intercept) {

  /**
   * Fits the line by least squares; all data sets weigh the same, however many tiles they have.
   *
   * @param tiles at least one
   */
  static StyleLine of(
      List<StyledTile> tiles, ToDoubleFunction<StyledTile> x, ToDoubleFunction<StyledTile> y) {
    Map<String, Long> sizes =
        tiles.stream().collect(Collectors.groupingBy(StyledTile::set, Collectors.counting()));
    double meanX = mean(tiles, sizes, x);
    double meanY = mean(tiles, sizes, y);
    double variance = mean(tiles, sizes, t -> Math.pow(x.applyAsDouble(t) - meanX, 2));
    double covariance =
        mean(tiles, sizes, t -> (x.applyAsDouble(t) - meanX) * (y.applyAsDouble(t) - meanY));
    double slope = variance > 0 ? covariance / variance : 0;
    return new StyleLine(slope, meanY - slope * meanX);
  }

  private static double mean(
      List<StyledTile> tiles, Map<String, Long> sizes, ToDoubleFunction<StyledTile> figure) {
    return tiles.stream().mapToDouble(t -> figure.applyAsDouble(t) / sizes.get(t.set())).sum()
        / sizes.size();
  }

  double at(double x) {
    return intercept + slope * x;
  }
}
