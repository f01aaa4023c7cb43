package io.histoflow.studies.stain;

import io.histoflow.evaluation.Spread;
import io.histoflow.evaluation.Summary;
import io.histoflow.imaging.colour.StainShift;
import io.histoflow.plots.Plot;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.knowm.xchart.XYChart;
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
    Plot.write(file, charts, StainShift.Kind.values().length);
  }

  private static void add(
      List<XYChart> charts,
      String name,
      Function<Summary, Spread> figure,
      Map<String, StainRobustness> models) {
    for (StainShift.Kind kind : StainShift.Kind.values()) {
      XYChart chart =
          Plot.panel(
              WIDTH,
              HEIGHT,
              kind.name().toLowerCase(Locale.ROOT),
              "strength of the shift",
              name + ", mean over images");
      chart.getStyler().setYAxisMin(floor(models)).setYAxisMax(1.0);
      chart
          .getStyler()
          .setLegendPosition(LegendPosition.OutsideS)
          .setLegendLayout(LegendLayout.Horizontal)
          .setLegendFont(LEGEND)
          .setLegendSeriesLineLength(12)
          .setLegendPadding(4);
      chart.getStyler().setMarkerSize(6);
      models.forEach(
          (model, robustness) ->
              Plot.add(
                  chart,
                  model,
                  robustness.points(kind),
                  point -> point.shift().strength(),
                  point -> figure.apply(point.summary()).mean()));
      charts.add(chart);
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
