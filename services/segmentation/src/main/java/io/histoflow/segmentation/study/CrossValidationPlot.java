package io.histoflow.segmentation.study;

import io.histoflow.segmentation.evaluation.ImageResult;
import io.histoflow.segmentation.evaluation.OperatingPoint;
import io.histoflow.segmentation.evaluation.PrecisionRecallCurve;
import io.histoflow.segmentation.evaluation.Summary;
import java.awt.Color;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
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
  private static final List<Color> COLOURS =
      List.of(
          new Color(0x0072b2),
          new Color(0xd55e00),
          new Color(0x009e73),
          new Color(0xcc79a7),
          new Color(0xe69f00));

  private CrossValidationPlot() {}

  /**
   * Writes the picture as PNG.
   *
   * @throws IOException where the file cannot be written
   */
  public static void write(Path file, CrossValidationResult result) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Held-out images: dots at the calibrated thresholds")
            .xAxisTitle("recall, mean over images")
            .yAxisTitle("Dice, mean over images")
            .build();
    chart
        .getStyler()
        .setLegendPosition(LegendPosition.InsideSW)
        .setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setXAxisMin(LEAST).setXAxisMax(1.0).setYAxisMin(LEAST).setYAxisMax(1.0);
    chart.getStyler().setMarkerSize(10);
    int at = 0;
    for (Map.Entry<String, List<ImageResult>> set : result.resultsBySet().entrySet()) {
      add(chart, set.getKey(), set.getValue(), COLOURS.get(at++ % COLOURS.size()));
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      BitmapEncoder.saveBitmap(chart, out, BitmapFormat.PNG);
    }
  }

  private static void add(XYChart chart, String name, List<ImageResult> results, Color colour) {
    List<PrecisionRecallCurve> curves = results.stream().map(ImageResult::curve).toList();
    List<OperatingPoint> seen =
        IntStream.range(1, STEPS)
            .mapToObj(step -> OperatingPoint.of(curves, (double) step / STEPS))
            .filter(point -> point.recall() >= LEAST && point.dice() >= LEAST)
            .toList();
    if (!seen.isEmpty()) {
      XYSeries line =
          chart.addSeries(
              name,
              seen.stream().mapToDouble(OperatingPoint::recall).toArray(),
              seen.stream().mapToDouble(OperatingPoint::dice).toArray());
      line.setMarker(SeriesMarkers.NONE).setLineColor(colour);
    }
    Summary calibrated = Summary.of(results);
    double recall = calibrated.recall().mean();
    double dice = calibrated.dice().mean();
    if (recall >= LEAST && dice >= LEAST) {
      XYSeries dot =
          chart.addSeries(name + " calibrated", new double[] {recall}, new double[] {dice});
      dot.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(colour);
      dot.setLineStyle(SeriesLines.NONE).setShowInLegend(false);
    }
  }
}
