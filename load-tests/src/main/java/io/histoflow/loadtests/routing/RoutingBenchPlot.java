package io.histoflow.loadtests.routing;

import io.histoflow.plots.Plot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the organs' shares and their alarms over the tiles of {@link RoutingBench}. */
public final class RoutingBenchPlot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 340;
  private static final double THOUSAND = 1_000;

  private RoutingBenchPlot() {}

  /**
   * Writes the picture as PNG.
   *
   * @throws IOException where the file cannot be written
   */
  public static void write(Path file, RoutingBenchResult result) throws IOException {
    XYChart shares =
        chart(
            "Routed share of each organ's latest 500 tiles (synthetic scores);"
                + " stain shift at 1/2, new model at 3/4",
            "share");
    add(shares, "lowest organ", result, RoutingBenchResult.Point::lowest);
    add(shares, "median", result, RoutingBenchResult.Point::median);
    add(shares, "highest organ", result, RoutingBenchResult.Point::highest);
    add(shares, "budget", result, point -> result.settings().budget());
    shares.getStyler().setYAxisMin(0.0).setYAxisMax(2 * result.settings().budget());
    XYChart alarms = chart("Organs whose shift was alarmed", "organs");
    add(alarms, "alarmed", result, RoutingBenchResult.Point::alarmed);
    Plot.write(file, List.of(shares, alarms), 1);
  }

  private static XYChart chart(String title, String axis) {
    return Plot.legendBelow(
        Plot.panel(WIDTH, HEIGHT, title, "tiles of all organs, thousands", axis));
  }

  private static void add(
      XYChart chart,
      String name,
      RoutingBenchResult result,
      ToDoubleFunction<RoutingBenchResult.Point> figure) {
    Plot.add(chart, name, result.curve(), point -> point.tiles() / THOUSAND, figure)
        .setMarker(SeriesMarkers.NONE);
  }
}
