package io.histoflow.segmentation.evaluation;

import io.histoflow.segmentation.colour.StainShift;
import java.awt.Color;
import java.awt.Font;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/**
 * Draws recall and Dice against the strength of stain shifts: a column for each kind of shift, a
 * line for each model, and one scale for all.
 */
public final class StainRobustnessPlot {

  private static final int WIDTH = 400;
  private static final int HEIGHT = 320;
  private static final Font LEGEND = new Font(Font.SANS_SERIF, Font.PLAIN, 10);

  private StainRobustnessPlot() {}

  /**
   * Writes the picture as PNG.
   *
   * @param models by the name that the legend shows, in the legend's order
   * @throws IOException where the file cannot be written
   */
  public static void write(Path file, Map<String, StainRobustness> models) throws IOException {
    List<XYChart> charts = new ArrayList<>();
    add(charts, "recall", Summary::recall, models);
    add(charts, "Dice", Summary::dice, models);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      BitmapEncoder.saveBitmap(charts, 2, StainShift.Kind.values().length, out, BitmapFormat.PNG);
    }
  }

  private static void add(
      List<XYChart> charts,
      String name,
      Function<Summary, Spread> figure,
      Map<String, StainRobustness> models) {
    for (StainShift.Kind kind : StainShift.Kind.values()) {
      XYChart chart =
          new XYChartBuilder()
              .width(WIDTH)
              .height(HEIGHT)
              .title(kind.name().toLowerCase(Locale.ROOT))
              .xAxisTitle("strength of the shift")
              .yAxisTitle(name + ", mean over images")
              .build();
      chart.getStyler().setYAxisMin(floor(models)).setYAxisMax(1.0);
      chart
          .getStyler()
          .setLegendPosition(LegendPosition.OutsideS)
          .setLegendLayout(LegendLayout.Horizontal)
          .setLegendFont(LEGEND)
          .setLegendSeriesLineLength(12)
          .setLegendPadding(4);
      chart.getStyler().setMarkerSize(6).setChartBackgroundColor(Color.WHITE);
      models.forEach((model, robustness) -> add(chart, model, robustness.points(kind), figure));
      charts.add(chart);
    }
  }

  private static void add(
      XYChart chart,
      String model,
      List<StainRobustness.Point> points,
      Function<Summary, Spread> figure) {
    List<StainRobustness.Point> defined =
        points.stream()
            .filter(point -> !Double.isNaN(figure.apply(point.summary()).mean()))
            .toList();
    if (!defined.isEmpty()) {
      chart.addSeries(
          model,
          defined.stream().mapToDouble(point -> point.shift().strength()).toArray(),
          defined.stream().mapToDouble(point -> figure.apply(point.summary()).mean()).toArray());
    }
  }

  /** The largest tenth below every figure, so that all charts compare at a glance. */
  private static double floor(Map<String, StainRobustness> models) {
    double least = 0.9;
    for (StainRobustness robustness : models.values()) {
      for (StainRobustness.Point point : robustness.points()) {
        for (double value :
            new double[] {point.summary().recall().mean(), point.summary().dice().mean()}) {
          least = value < least ? value : least;
        }
      }
    }
    return Math.max(0, Math.floor(10 * least) / 10);
  }
}
