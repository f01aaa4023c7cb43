package io.histoflow.studies.corrections;

import io.histoflow.evaluation.Spread;
import io.histoflow.plots.Palette;
import io.histoflow.plots.Plot;
import io.histoflow.studies.corrections.CorrectionRound.Choice;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws what rounds of corrections won: a panel for each figure, a dot for each round, and mean and
 * SD of each choice of tiles.
 */
public final class CorrectionPlot {

  private static final int WIDTH = 380;
  private static final int HEIGHT = 420;

  /** How far the dots of a choice spread around its place on the axis. */
  private static final double SPREAD = 0.5;

  private static final Map<Choice, Color> COLOURS =
      Map.of(
          Choice.UNCERTAIN,
          Palette.BLUE,
          Choice.STRATIFIED,
          Palette.GREEN,
          Choice.MIXED,
          Palette.ORANGE,
          Choice.RANDOM,
          Palette.GREY);

  private CorrectionPlot() {}

  /**
   * Writes the picture as PNG.
   *
   * @throws IOException where the file cannot be written
   */
  public static void write(Path file, CorrectionStudyResult result) throws IOException {
    List<XYChart> charts = new ArrayList<>();
    charts.add(
        chart("recall at the same precision, %", result, round -> 100 * round.relativeGain()));
    charts.add(
        chart("average precision x 1000", result, round -> 1000 * round.averagePrecisionGain()));
    if (result.rounds().stream().noneMatch(round -> Double.isNaN(round.knownGain()))) {
      charts.add(
          chart("the same on known organs x 1000", result, round -> 1000 * round.knownGain()));
    }
    Plot.write(file, charts, charts.size());
  }

  private static XYChart chart(
      String title, CorrectionStudyResult result, ToDoubleFunction<CorrectionRound> gain) {
    XYChart chart = Plot.panel(WIDTH, HEIGHT, "Change of " + title, "each dot a round", "");
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    chart.getStyler().setXAxisTicksVisible(false);
    chart.getStyler().setXAxisMin(-0.6).setXAxisMax(Choice.values().length - 0.4);
    chart.getStyler().setMarkerSize(6).setChartTitleFont(chart.getStyler().getLegendFont());
    XYSeries zero =
        chart.addSeries(
            "no change", new double[] {-0.6, Choice.values().length - 0.4}, new double[] {0, 0});
    zero.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
    zero.setMarker(SeriesMarkers.NONE).setLineColor(Color.LIGHT_GRAY).setShowInLegend(false);
    int place = 0;
    for (Choice choice : Choice.values()) {
      add(chart, choice, place++, result, gain);
    }
    return chart;
  }

  private static void add(
      XYChart chart,
      Choice choice,
      int place,
      CorrectionStudyResult result,
      ToDoubleFunction<CorrectionRound> gain) {
    double[] gains =
        result.rounds().stream().filter(r -> r.choice() == choice).mapToDouble(gain).toArray();
    if (gains.length == 0) {
      return;
    }
    double[] places = new double[gains.length];
    for (int i = 0; i < places.length; i++) {
      places[i] = place + SPREAD * ((i + 0.5) / places.length - 0.5);
    }
    Spread spread = result.over(choice, gain);
    String name = choice.name().toLowerCase(Locale.ROOT);
    XYSeries rounds = chart.addSeries(name, places, gains);
    rounds.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(COLOURS.get(choice));
    XYSeries mean =
        chart.addSeries(
            name + " mean and SD",
            new double[] {place - SPREAD / 2, place + SPREAD / 2},
            new double[] {spread.mean(), spread.mean()},
            new double[] {spread.sd(), spread.sd()});
    mean.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
    mean.setMarker(SeriesMarkers.NONE).setLineColor(COLOURS.get(choice)).setShowInLegend(false);
  }
}
