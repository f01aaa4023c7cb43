package io.histoflow.loadtests.routing;

import java.awt.Color;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
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
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      BitmapEncoder.saveBitmap(List.of(shares, alarms), 2, 1, out, BitmapFormat.PNG);
    }
  }

  private static XYChart chart(String title, String axis) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("tiles of all organs, thousands")
            .yAxisTitle(axis)
            .build();
    chart
        .getStyler()
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendLayout(LegendLayout.Horizontal);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    return chart;
  }

  private static void add(
      XYChart chart,
      String name,
      RoutingBenchResult result,
      ToDoubleFunction<RoutingBenchResult.Point> figure) {
    if (!result.curve().isEmpty()) {
      chart
          .addSeries(
              name,
              result.curve().stream().mapToDouble(point -> point.tiles() / THOUSAND).toArray(),
              result.curve().stream().mapToDouble(figure).toArray())
          .setMarker(SeriesMarkers.NONE);
    }
  }
}
