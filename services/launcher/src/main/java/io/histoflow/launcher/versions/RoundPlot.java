package io.histoflow.launcher.versions;

import io.histoflow.commandline.CommandFailedException;
import io.histoflow.plots.Palette;
import io.histoflow.plots.Plot;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.SegmentationQuality;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws what each round of fine-tuning measured: recall at the same precision and average precision
 * of the parent, of accepted candidates and of refused ones, on the held-out corrections.
 */
public final class RoundPlot {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 400;

  private RoundPlot() {}

  /**
   * Writes the picture as PNG.
   *
   * @throws CommandFailedException where no round has measured anything
   * @throws IOException where the file cannot be written
   */
  public static void write(Path file, List<DecoderDecision> decisions) throws IOException {
    List<DecoderDecision> measured =
        decisions.stream().filter(d -> d.getBefore() != null && d.getAfter() != null).toList();
    if (measured.isEmpty()) {
      throw new CommandFailedException(
          "There is nothing to draw: no round has measured a candidate yet.");
    }
    List<XYChart> charts =
        List.of(
            chart(
                "recall at the parent's precision",
                measured,
                SegmentationQuality::getRecallAtMatchedPrecision),
            chart("average precision", measured, SegmentationQuality::getAveragePrecision));
    Plot.write(file, charts, charts.size());
  }

  private static XYChart chart(
      String name, List<DecoderDecision> measured, Function<SegmentationQuality, Double> figure) {
    XYChart chart =
        Plot.legendBelow(Plot.panel(WIDTH, HEIGHT, name, "round", "on held-out corrections"));
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    chart.getStyler().setMarkerSize(9);
    chart.getStyler().setXAxisDecimalPattern("0");
    chart.getStyler().setXAxisMin(measured.get(0).getRound() - 0.5);
    chart.getStyler().setXAxisMax(measured.get(measured.size() - 1).getRound() + 0.5);
    Function<DecoderDecision, Double> before = d -> figure.apply(d.getBefore());
    Function<DecoderDecision, Double> after = d -> figure.apply(d.getAfter());
    List<DecoderDecision> accepted =
        measured.stream().filter(DecoderDecision::getAccepted).toList();
    List<DecoderDecision> refused = measured.stream().filter(d -> !d.getAccepted()).toList();
    add(chart, "parent", measured, before, Palette.GREY, SeriesMarkers.CIRCLE);
    add(chart, "accepted", accepted, after, Palette.BLUE, SeriesMarkers.TRIANGLE_UP);
    add(chart, "refused", refused, after, Palette.VERMILION, SeriesMarkers.CROSS);
    return chart;
  }

  private static void add(
      XYChart chart,
      String name,
      List<DecoderDecision> rounds,
      Function<DecoderDecision, Double> figure,
      Color colour,
      Marker marker) {
    List<DecoderDecision> defined =
        rounds.stream().filter(round -> figure.apply(round) != null).toList();
    Plot.add(chart, name, defined, DecoderDecision::getRound, figure::apply)
        .setMarker(marker)
        .setMarkerColor(colour);
  }
}
