package io.histoflow.plots;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class PlotTest {

  private record Point(double x, double y) {}

  @TempDir Path folder;

  @Test
  void shouldDrawLinesOnWhiteInTheOrderOfThePalette() throws Exception {
    // Given
    XYChart panel = panel();

    // When
    Plot.add(panel, "first", List.of(new Point(0, 0), new Point(1, 1)), Point::x, Point::y);
    Plot.add(panel, "second", List.of(new Point(0, 1), new Point(1, 0)), Point::x, Point::y);
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(Plot.png(panel)));

    // Then
    assertThat(new Color(picture.getRGB(0, 0))).isEqualTo(Color.WHITE);
    assertThat(pixels(picture, Palette.BLUE)).isPositive();
    assertThat(pixels(picture, Palette.VERMILION)).isPositive();
    assertThat(pixels(picture, Palette.GREEN)).isZero();
  }

  @Test
  void shouldLeaveOutPointsWhoseFigureIsUndefined() {
    // When
    XYSeries series =
        Plot.add(
            panel(),
            "one of three",
            List.of(new Point(0, Double.NaN), new Point(Double.NaN, 0), new Point(2, 3)),
            Point::x,
            Point::y);

    // Then
    assertThat(series.getXData()).containsExactly(2);
    assertThat(series.getYData()).containsExactly(3);
    assertThat(series.isShowInLegend()).isTrue();
  }

  @Test
  void shouldDrawASeriesWithoutPointsAsNothing() throws Exception {
    // Given
    XYChart panel = panel();
    Plot.add(panel, "some", List.of(new Point(0, 0), new Point(1, 1)), Point::x, Point::y);

    // When
    XYSeries none = Plot.add(panel, "none", List.<Point>of(), Point::x, Point::y);
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(Plot.png(panel)));

    // Then
    assertThat(none.isShowInLegend()).isFalse();
    assertThat(pixels(picture, Palette.BLUE)).isPositive();
    assertThat(pixels(picture, Palette.VERMILION)).isZero();
  }

  @Test
  void shouldWriteAPanelEvenWhereNothingAtAllIsDefined() throws Exception {
    // Given
    XYChart panel = panel();
    Plot.add(panel, "none", List.<Point>of(), Point::x, Point::y);

    // When
    Plot.write(folder.resolve("empty.png"), panel);

    // Then
    assertThat(ImageIO.read(folder.resolve("empty.png").toFile()).getWidth()).isEqualTo(300);
  }

  @Test
  void shouldLayPanelsRowByRow() throws Exception {
    // Given
    List<XYChart> panels = IntStream.range(0, 6).mapToObj(i -> panel()).toList();
    panels.forEach(panel -> Plot.add(panel, "some", List.of(new Point(0, 0)), Point::x, Point::y));

    // When
    Plot.write(folder.resolve("panels.png"), panels, 3);

    // Then
    BufferedImage picture = ImageIO.read(folder.resolve("panels.png").toFile());
    assertThat(picture.getWidth()).isEqualTo(3 * 300);
    assertThat(picture.getHeight()).isEqualTo(2 * 200);
  }

  private static XYChart panel() {
    return Plot.panel(300, 200, "title", "x", "y");
  }

  private static long pixels(BufferedImage picture, Color colour) {
    return IntStream.range(0, picture.getWidth() * picture.getHeight())
        .filter(
            i -> colour.getRGB() == picture.getRGB(i % picture.getWidth(), i / picture.getWidth()))
        .count();
  }
}
