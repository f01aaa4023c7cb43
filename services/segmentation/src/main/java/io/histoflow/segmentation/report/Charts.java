package io.histoflow.segmentation.report;

import io.histoflow.segmentation.evaluation.Confusion;
import io.histoflow.segmentation.evaluation.OperatingPoint;
import io.histoflow.segmentation.evaluation.PrecisionRecallCurve;
import io.histoflow.segmentation.evaluation.Summary;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The report's charts as PNG, on white. Lines differ in colour, from the palette of Okabe and Ito
 * for people who are colour-blind, and in their dashes.
 */
final class Charts {

  private static final int WIDTH = 720;
  private static final int HEIGHT = 500;
  private static final Font LABELS = new Font(Font.SANS_SERIF, Font.PLAIN, 16);
  private static final int CURVE_STEPS = 500;
  private static final Color BLACK = new Color(0x1a1a1a);
  private static final Color BLUE = new Color(0x0072b2);
  private static final Color VERMILION = new Color(0xd55e00);
  private static final Color GREEN = new Color(0x009e73);
  private static final Color PURPLE = new Color(0xcc79a7);
  private static final Color ORANGE = new Color(0xe69f00);

  private Charts() {}

  static byte[] precisionRecall(Summary summary) {
    XYChart chart = chart("recall", "precision");
    PrecisionRecallCurve curve = summary.curve();
    List<Confusion> points = new ArrayList<>();
    for (int step = 0; step <= CURVE_STEPS; step++) {
      points.add(curve.at((double) step / CURVE_STEPS));
    }
    points.removeIf(point -> Double.isNaN(point.recall()) || Double.isNaN(point.precision()));
    line(chart, "all thresholds", points, Confusion::recall, Confusion::precision, BLUE)
        .setLineStyle(SeriesLines.SOLID);
    Confusion here = summary.micro();
    if (!Double.isNaN(here.recall()) && !Double.isNaN(here.precision())) {
      XYSeries dot =
          chart.addSeries(
              "operating point", new double[] {here.recall()}, new double[] {here.precision()});
      dot.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(VERMILION);
      dot.setLineColor(VERMILION).setLineStyle(SeriesLines.NONE);
    }
    chart.getStyler().setLegendPosition(LegendPosition.InsideSW);
    return png(chart);
  }

  static byte[] sweep(List<OperatingPoint> points, double threshold) {
    XYChart chart = chart("threshold", "mean over images");
    sweepLine(chart, "recall", points, OperatingPoint::recall, VERMILION, SeriesLines.SOLID);
    sweepLine(chart, "precision", points, OperatingPoint::precision, BLUE, SeriesLines.DASH_DASH);
    sweepLine(chart, "Dice", points, OperatingPoint::dice, GREEN, SeriesLines.SOLID);
    sweepLine(chart, "IoU", points, OperatingPoint::iou, ORANGE, SeriesLines.DASH_DOT);
    sweepLine(chart, "F2", points, OperatingPoint::f2, PURPLE, SeriesLines.DOT_DOT);
    chart
        .addSeries("applied", new double[] {threshold, threshold}, new double[] {0, 1})
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(BLACK)
        .setLineWidth(1);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    return png(chart);
  }

  private static void sweepLine(
      XYChart chart,
      String name,
      List<OperatingPoint> points,
      ToDoubleFunction<OperatingPoint> figure,
      Color colour,
      BasicStroke stroke) {
    List<OperatingPoint> defined =
        points.stream().filter(point -> !Double.isNaN(figure.applyAsDouble(point))).toList();
    line(chart, name, defined, OperatingPoint::threshold, figure, colour).setLineStyle(stroke);
  }

  private static <T> XYSeries line(
      XYChart chart,
      String name,
      List<T> points,
      ToDoubleFunction<T> x,
      ToDoubleFunction<T> y,
      Color colour) {
    // The library refuses a series without points: a single undefined one draws nothing.
    boolean none = points.isEmpty();
    double[] xs = none ? new double[1] : points.stream().mapToDouble(x).toArray();
    double[] ys = none ? new double[] {Double.NaN} : points.stream().mapToDouble(y).toArray();
    XYSeries series = chart.addSeries(name, xs, ys);
    series.setMarker(SeriesMarkers.NONE).setLineColor(colour).setLineWidth(2.5f);
    return series;
  }

  private static XYChart chart(String x, String y) {
    XYChart chart =
        new XYChartBuilder().width(WIDTH).height(HEIGHT).xAxisTitle(x).yAxisTitle(y).build();
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
    chart.getStyler().setChartBackgroundColor(Color.WHITE).setChartTitleVisible(false);
    return chart;
  }

  private static byte[] png(XYChart chart) {
    try {
      return BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG);
    } catch (IOException e) {
      throw new UncheckedIOException("A chart could not be encoded in memory", e);
    }
  }
}
