package io.histoflow.training;

import io.histoflow.plots.Plot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws loss and validation figures over the steps. */
public final class LearningCurve {

  private LearningCurve() {}

  /** Writes the picture as PNG. */
  public static void write(Path file, List<LossPoint> losses, List<ValidationPoint> history)
      throws IOException {
    XYChart chart =
        Plot.panel(900, 560, "Training", "step", "loss, and means over held-out images");
    Plot.add(chart, "training loss", losses, LossPoint::step, LossPoint::loss)
        .setMarker(SeriesMarkers.NONE);
    Plot.add(chart, "recall", history, ValidationPoint::step, ValidationPoint::recall);
    Plot.add(chart, "precision", history, ValidationPoint::step, ValidationPoint::precision);
    Plot.add(chart, "Dice", history, ValidationPoint::step, ValidationPoint::dice);
    Plot.write(file, chart);
  }
}
