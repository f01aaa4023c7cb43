package io.histoflow.studies.report;

import io.histoflow.evaluation.Confusion;
import io.histoflow.evaluation.OperatingPoint;
import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.evaluation.Summary;
import io.histoflow.plots.Palette;
import io.histoflow.plots.Plot;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The report's charts as PNG. Lines differ in colour and in their dashes. */
final class Charts {

  private static final int WIDTH = 720;
  private static final int HEIGHT = 500;
  private static final Font LABELS = new Font(Font.SANS_SERIF, Font.PLAIN, 16);
  private static final int CURVE_STEPS = 500;

  private Charts() {}

  static byte[] precisionRecall(Summary summary) {
    XYChart chart = chart("recall", "precision");
    PrecisionRecallCurve curve = summary.curve();
    List<Confusion> points = new ArrayList<>();
    for (int step = 0; step <= CURVE_STEPS; step++) {
      points.add(curve.at((double) step / CURVE_STEPS));
    }
    line(chart, "all thresholds", points, Confusion::recall, Confusion::precision, Palette.BLUE)
        .setLineStyle(SeriesLines.SOLID);
    Confusion applied = summary.micro();
    Plot.dot(chart, "operating point", applied.recall(), applied.precision(), Palette.VERMILION);
    chart.getStyler().setLegendPosition(LegendPosition.InsideSW);
    return Plot.png(chart);
  }

  static byte[] sweep(List<OperatingPoint> points, double threshold) {
    XYChart chart = chart("threshold", "mean over images");
    sweepLine(chart, "recall", points, OperatingPoint::recall, Palette.VERMILION)
        .setLineStyle(SeriesLines.SOLID);
    sweepLine(chart, "precision", points, OperatingPoint::precision, Palette.BLUE)
        .setLineStyle(SeriesLines.DASH_DASH);
    sweepLine(chart, "Dice", points, OperatingPoint::dice, Palette.GREEN)
        .setLineStyle(SeriesLines.SOLID);
    sweepLine(chart, "IoU", points, OperatingPoint::iou, Palette.ORANGE)
        .setLineStyle(SeriesLines.DASH_DOT);
    sweepLine(chart, "F2", points, OperatingPoint::f2, Palette.PURPLE)
        .setLineStyle(SeriesLines.DOT_DOT);
    chart
        .addSeries("applied", new double[] {threshold, threshold}, new double[] {0, 1})
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(Palette.BLACK)
        .setLineWidth(1);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    return Plot.png(chart);
  }

  private static XYSeries sweepLine(
      XYChart chart,
      String name,
      List<OperatingPoint> points,
      ToDoubleFunction<OperatingPoint> figure,
      Color colour) {
    return line(chart, name, points, OperatingPoint::threshold, figure, colour);
  }

  private static <T> XYSeries line(
      XYChart chart,
      String name,
      List<T> points,
      ToDoubleFunction<T> x,
      ToDoubleFunction<T> y,
      Color colour) {
    XYSeries series = Plot.add(chart, name, points, x, y);
    series.setMarker(SeriesMarkers.NONE).setLineColor(colour).setLineWidth(2.5f);
    return series;
  }

  private static XYChart chart(String x, String y) {
    XYChart chart = Plot.panel(WIDTH, HEIGHT, "", x, y);
    chart
        .getStyler()
        .setXAxisMin(0.0)
        .setXAxisMax(1.0)
        .setYAxisMin(0.0)
        .setYAxisMax(1.0)
        .setXAxisDecimalPattern("0.0")
        .setYAxisDecimalPattern("0.0");
    chart
        .getStyler()
        .setAxisTitleFont(LABELS)
        .setAxisTickLabelsFont(LABELS)
        .setMarkerSize(12)
        .setLegendFont(LABELS);
    return chart;
  }
}
