package io.histoflow.studies.routing;

import io.histoflow.plots.Plot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Share of all missed pixels that are reviewed against the share of tiles that are.
 *
 * @param shares of tiles, ascending
 * @param random expected of random choice
 * @param oracle of the tiles that hold most
 * @param scores by name
 */
public record ReviewCurves(
    List<Double> shares,
    List<Double> random,
    List<Double> oracle,
    Map<String, List<Double>> scores) {

  public ReviewCurves {
    shares = List.copyOf(shares);
    random = List.copyOf(random);
    oracle = List.copyOf(oracle);
    scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
  }

  /**
   * Draws the curves as PNG, beside random choice and the oracle.
   *
   * @param names of the scores to draw
   */
  public void write(Path file, List<String> names) throws IOException {
    XYChart chart =
        Plot.panel(
            900,
            640,
            "Misses that routing finds (tiles picked within each organ)",
            "share of tiles reviewed",
            "share of all missed positive pixels in them");
    chart.getStyler().setLegendPosition(LegendPosition.InsideSE);
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0);
    add(chart, "oracle", oracle);
    for (String name : names) {
      add(chart, name, scores.get(name));
    }
    add(chart, "random", random);
    Plot.write(file, chart);
  }

  private void add(XYChart chart, String name, List<Double> values) {
    chart.addSeries(name, shares, values).setMarker(SeriesMarkers.NONE);
  }
}
