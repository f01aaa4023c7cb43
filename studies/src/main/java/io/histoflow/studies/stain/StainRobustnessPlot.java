package io.histoflow.studies.stain;

import io.histoflow.evaluation.Spread;
import io.histoflow.evaluation.Summary;
import io.histoflow.imaging.colour.StainShift;
import io.histoflow.plots.Plot;
import io.histoflow.studies.stain.StainStudyResult.Model;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.knowm.xchart.XYChart;

/**
 * Draws recall and Dice against the strength of stain shifts: a column for each kind of shift, a
 * line for each model, and one scale for all.
 */
final class StainRobustnessPlot {

  private static final int WIDTH = 400;
  private static final int HEIGHT = 320;
  private static final Font LEGEND = new Font(Font.SANS_SERIF, Font.PLAIN, 10);

  private StainRobustnessPlot() {}

  /**
   * Writes the picture as PNG.
   *
   * @param models in the legend's order
   * @throws IOException where the file cannot be written
   */
  static void write(Path file, List<Model> models) throws IOException {
    List<XYChart> charts = new ArrayList<>();
    add(charts, "recall", Summary::recall, models);
    add(charts, "Dice", Summary::dice, models);
    Plot.write(file, charts, StainShift.Kind.values().length);
  }

  private static void add(
      List<XYChart> charts, String name, Function<Summary, Spread> figure, List<Model> models) {
    for (StainShift.Kind kind : StainShift.Kind.values()) {
      XYChart chart =
          Plot.legendBelow(
              Plot.panel(
                  WIDTH,
                  HEIGHT,
                  kind.name().toLowerCase(Locale.ROOT),
                  "strength of the shift",
                  name + ", mean over images"));
      chart.getStyler().setYAxisMin(floor(models)).setYAxisMax(1.0);
      chart.getStyler().setLegendFont(LEGEND).setLegendSeriesLineLength(12).setLegendPadding(4);
      chart.getStyler().setMarkerSize(6);
      models.forEach(
          model ->
              Plot.add(
                  chart,
                  model.name(),
                  model.robustness().points(kind),
                  point -> point.shift().strength(),
                  point -> figure.apply(point.summary()).mean()));
      charts.add(chart);
    }
  }

  /** The largest tenth below every figure, so that all charts compare at a glance. */
  private static double floor(List<Model> models) {
    double least = 0.9;
    for (Model model : models) {
      for (StainRobustness.Point point : model.robustness().points()) {
        for (double value :
            new double[] {point.summary().recall().mean(), point.summary().dice().mean()}) {
          least = value < least ? value : least;
        }
      }
    }
    return Math.max(0, Math.floor(10 * least) / 10);
  }
}
