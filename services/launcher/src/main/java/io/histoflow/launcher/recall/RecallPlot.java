package io.histoflow.launcher.recall;

import io.histoflow.commandline.CommandFailedException;
import io.histoflow.plots.Palette;
import io.histoflow.plots.Plot;
import io.histoflow.results.recall.RecallSummary;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.RecallPoint;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws recall over time with its intervals: each organ, scanner and version a line of its own. */
final class RecallPlot {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 450;
  private static final int MOST_LINES = 6;
  private static final double MINUTES_A_DAY = 24 * 60;

  private RecallPlot() {}

  /**
   * Writes the picture as PNG: of the groups with most audited tiles.
   *
   * @throws CommandFailedException where nothing is estimated
   * @throws IOException where the file cannot be written
   */
  static void write(Path file, List<RecallEstimate> estimates) throws IOException {
    List<RecallEstimate> drawn =
        estimates.stream()
            .filter(estimate -> !points(estimate).isEmpty())
            .sorted(Comparator.comparingLong(RecallEstimate::getTilesDrawnRead).reversed())
            .limit(MOST_LINES)
            .toList();
    if (drawn.isEmpty()) {
      throw new CommandFailedException(
          "There is nothing to draw: no audited tile has been read yet.");
    }
    Instant first =
        drawn.stream().map(e -> points(e).get(0).getAt()).min(Comparator.naturalOrder()).get();
    XYChart chart =
        Plot.legendBelow(Plot.panel(WIDTH, HEIGHT, "recall of the model", "days", "recall, 95 %"));
    for (int i = 0; i < drawn.size(); i++) {
      RecallEstimate estimate = drawn.get(i);
      Color colour = Palette.LINES.get(i % Palette.LINES.size());
      String name = RecallSummary.name(estimate);
      List<RecallPoint> points = points(estimate);
      Plot.add(chart, name, points, p -> days(first, p.getAt()), RecallPoint::getRecall)
          .setMarker(SeriesMarkers.CIRCLE)
          .setMarkerColor(colour)
          .setLineColor(colour);
      bound(chart, name + " low", points, first, colour, true);
      bound(chart, name + " high", points, first, colour, false);
    }
    double level = 1 - drawn.get(0).getLevel();
    double last =
        drawn.stream()
            .flatMap(e -> points(e).stream())
            .mapToDouble(p -> days(first, p.getAt()))
            .max()
            .orElse(0);
    Plot.add(chart, "promised", List.of(0.0, Math.max(last, 1)), x -> x, x -> level)
        .setMarker(SeriesMarkers.NONE)
        .setLineStyle(SeriesLines.DASH_DASH)
        .setLineColor(Palette.GREY);
    Plot.write(file, chart);
  }

  private static void bound(
      XYChart chart,
      String name,
      List<RecallPoint> points,
      Instant first,
      Color colour,
      boolean low) {
    XYSeries bound =
        Plot.add(
            chart, name, points, p -> days(first, p.getAt()), p -> low ? p.getLow() : p.getHigh());
    bound.setMarker(SeriesMarkers.NONE).setLineStyle(SeriesLines.DOT_DOT).setLineColor(colour);
    bound.setShowInLegend(false);
  }

  /** Returns the earlier estimates and the present one. */
  private static List<RecallPoint> points(RecallEstimate estimate) {
    List<RecallPoint> points = new ArrayList<>(estimate.getHistory());
    if (estimate.getModelPixels() != null && estimate.getModelPixels().getRecall() != null) {
      points.add(
          new RecallPoint(
              estimate.getUpdatedAt(),
              estimate.getModelPixels().getRecall(),
              estimate.getModelPixels().getRecallLow(),
              estimate.getModelPixels().getRecallHigh(),
              estimate.getTilesDrawnRead()));
    }
    return points;
  }

  private static double days(Instant first, Instant at) {
    return Duration.between(first, at).toMinutes() / MINUTES_A_DAY;
  }
}
