package io.histoflow.segmentation.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws loss and validation figures over the steps. */
public final class LearningCurve {

  private LearningCurve() {}

  /** Writes the picture as PNG. */
  public static void write(Path file, List<LossPoint> losses, List<ValidationPoint> history)
      throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(900)
            .height(560)
            .title("Training")
            .xAxisTitle("step")
            .yAxisTitle("loss, and means over held-out images")
            .build();
    if (!losses.isEmpty()) {
      chart
          .addSeries(
              "training loss",
              losses.stream().mapToDouble(point -> (double) point.step()).toArray(),
              losses.stream().mapToDouble(LossPoint::loss).toArray())
          .setMarker(SeriesMarkers.NONE);
    }
    add(chart, "recall", history, ValidationPoint::recall);
    add(chart, "precision", history, ValidationPoint::precision);
    add(chart, "Dice", history, ValidationPoint::dice);
    BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
  }

  private static void add(
      XYChart chart,
      String name,
      List<ValidationPoint> history,
      ToDoubleFunction<ValidationPoint> figure) {
    List<ValidationPoint> defined =
        history.stream().filter(point -> !Double.isNaN(figure.applyAsDouble(point))).toList();
    if (!defined.isEmpty()) {
      chart.addSeries(
          name,
          defined.stream().mapToDouble(point -> (double) point.step()).toArray(),
          defined.stream().mapToDouble(figure).toArray());
    }
  }
}
