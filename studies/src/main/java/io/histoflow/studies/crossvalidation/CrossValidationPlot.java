package io.histoflow.studies.crossvalidation;

import io.histoflow.evaluation.ImageResult;
import io.histoflow.evaluation.OperatingPoint;
import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.evaluation.Summary;
import io.histoflow.plots.Palette;
import io.histoflow.plots.Plot;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws what a cross-validation found: for each data set mean Dice against mean recall as one
 * threshold for all its images moves, and where the calibrated thresholds lie.
 */
public final class CrossValidationPlot {

  private static final int WIDTH = 760;
  private static final int HEIGHT = 520;
  private static final int STEPS = 100;
  private static final double LEAST = 0.6;

  private CrossValidationPlot() {}

  /**
   * Writes the picture as PNG.
   *
   * @throws IOException where the file cannot be written
   */
  public static void write(Path file, CrossValidationResult result) throws IOException {
    XYChart chart =
        Plot.panel(
            WIDTH,
            HEIGHT,
            "Held-out images: dots at the calibrated thresholds",
            "recall, mean over images",
            "Dice, mean over images");
    chart.getStyler().setLegendPosition(LegendPosition.InsideSW);
    chart.getStyler().setXAxisMin(LEAST).setXAxisMax(1.0).setYAxisMin(LEAST).setYAxisMax(1.0);
    chart.getStyler().setMarkerSize(10);
    int at = 0;
    for (Map.Entry<String, List<ImageResult>> set : result.resultsBySet().entrySet()) {
      add(chart, set.getKey(), set.getValue(), Palette.line(at++));
    }
    Plot.write(file, chart);
  }

  private static void add(XYChart chart, String name, List<ImageResult> results, Color colour) {
    List<PrecisionRecallCurve> curves = results.stream().map(ImageResult::curve).toList();
    List<OperatingPoint> seen =
        IntStream.range(1, STEPS)
            .mapToObj(step -> OperatingPoint.of(curves, (double) step / STEPS))
            .filter(point -> point.recall() >= LEAST && point.dice() >= LEAST)
            .toList();
    Plot.add(chart, name, seen, OperatingPoint::recall, OperatingPoint::dice)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(colour);
    Summary calibrated = Summary.of(results);
    double recall = calibrated.recall().mean();
    double dice = calibrated.dice().mean();
    if (recall >= LEAST && dice >= LEAST) {
      Plot.dot(chart, name + " calibrated", recall, dice, colour).setShowInLegend(false);
    }
  }
}
