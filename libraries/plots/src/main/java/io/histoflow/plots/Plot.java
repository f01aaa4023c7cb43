package io.histoflow.plots;

import java.awt.Color;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Makes and writes plots: panels on white whose lines take the colours of {@link Palette}. */
public final class Plot {

  private Plot() {}

  /**
   * Makes an empty panel.
   *
   * @param width in pixels
   * @param height in pixels
   * @param title above it; empty for none
   */
  public static XYChart panel(int width, int height, String title, String xAxis, String yAxis) {
    XYChart panel =
        new XYChartBuilder()
            .width(width)
            .height(height)
            .title(title)
            .xAxisTitle(xAxis)
            .yAxisTitle(yAxis)
            .build();
    panel
        .getStyler()
        .setSeriesColors(Palette.LINES.toArray(Color[]::new))
        .setChartBackgroundColor(Color.WHITE)
        .setChartTitleVisible(!title.isEmpty());
    return panel;
  }

  /** Puts the legend below a panel, its entries side by side. */
  public static XYChart legendBelow(XYChart panel) {
    panel
        .getStyler()
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendLayout(LegendLayout.Horizontal);
    return panel;
  }

  /** Adds a dot that no line joins; nothing where it is not defined. */
  public static XYSeries dot(XYChart panel, String name, double x, double y, Color colour) {
    XYSeries dot = add(panel, name, List.of(y), value -> x, value -> value);
    dot.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(colour);
    dot.setLineStyle(SeriesLines.NONE).setLineColor(colour);
    return dot;
  }

  /**
   * Adds a series of the points whose figures are defined. Where none is, nothing is drawn and the
   * legend does not name it.
   *
   * @param x value on the x axis; a point is left out where it is NaN
   * @param y value on the y axis; a point is left out where it is NaN
   */
  public static <T> XYSeries add(
      XYChart panel,
      String name,
      List<T> points,
      ToDoubleFunction<? super T> x,
      ToDoubleFunction<? super T> y) {
    List<T> defined =
        points.stream()
            .filter(point -> !Double.isNaN(x.applyAsDouble(point)))
            .filter(point -> !Double.isNaN(y.applyAsDouble(point)))
            .toList();
    if (defined.isEmpty()) {
      // The library refuses a series without points: a single undefined one draws nothing.
      XYSeries nothing = panel.addSeries(name, new double[1], new double[] {Double.NaN});
      nothing.setShowInLegend(false);
      return nothing;
    }
    return panel.addSeries(
        name, defined.stream().mapToDouble(x).toArray(), defined.stream().mapToDouble(y).toArray());
  }

  /**
   * Writes one panel as PNG.
   *
   * @throws IOException where the file cannot be written
   */
  public static void write(Path file, XYChart panel) throws IOException {
    write(file, List.of(panel), 1);
  }

  /**
   * Writes panels of the same size as one PNG, row by row.
   *
   * @param columns panels in a row
   * @throws IOException where the file cannot be written
   */
  public static void write(Path file, List<XYChart> panels, int columns) throws IOException {
    int rows = (panels.size() + columns - 1) / columns;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      BitmapEncoder.saveBitmap(panels, rows, columns, out, BitmapFormat.PNG);
    }
  }

  /** Returns one panel as PNG. */
  public static byte[] png(XYChart panel) {
    try {
      return BitmapEncoder.getBitmapBytes(panel, BitmapFormat.PNG);
    } catch (IOException e) {
      throw new UncheckedIOException("A plot could not be encoded in memory", e);
    }
  }
}
