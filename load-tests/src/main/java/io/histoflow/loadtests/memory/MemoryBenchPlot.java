package io.histoflow.loadtests.memory;

import io.histoflow.plots.Plot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws a worker's memory over the tiles of {@link MemoryBench}. */
public final class MemoryBenchPlot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 380;
  private static final double THOUSAND = 1_000;
  private static final double MEGABYTE = 1e6;

  private MemoryBenchPlot() {}

  /**
   * Writes the picture as PNG.
   *
   * @throws IOException where the file cannot be written
   */
  public static void write(Path file, MemoryBenchResult result) throws IOException {
    String title = "Memory of an inference worker that is in RAM";
    XYChart chart = Plot.legendBelow(Plot.panel(WIDTH, HEIGHT, title, "tiles, thousands", "MB"));
    chart.getStyler().setYAxisMin(0.0);
    long small = result.settings().tiles();
    add(chart, "tiles of " + result.settings().tileSize() + " pixels", result, 0, small);
    add(
        chart,
        "tiles of " + result.settings().largeTileSize() + " pixels",
        result,
        small,
        Long.MAX_VALUE);
    Plot.write(file, chart);
  }

  private static void add(
      XYChart chart, String name, MemoryBenchResult result, long after, long until) {
    List<MemorySample> part =
        result.samples().stream()
            .filter(sample -> sample.tiles() > after && sample.tiles() <= until)
            .toList();
    Plot.add(
            chart,
            name,
            part,
            sample -> sample.tiles() / THOUSAND,
            sample -> sample.rssBytes() / MEGABYTE)
        .setMarker(part.size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
  }
}
