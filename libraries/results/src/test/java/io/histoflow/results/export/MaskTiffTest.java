package io.histoflow.results.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.imaging.Mask;
import io.histoflow.imaging.tiff.TiffFile;
import io.histoflow.imaging.tiff.TiffTag;
import io.histoflow.results.slide.SlideResults;
import io.histoflow.results.slide.TestSlide;
import java.awt.image.Raster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written, read by TwelveMonkeys' reader. */
class MaskTiffTest {
  private static final int WIDTH = 1_100;
  private static final int HEIGHT = 700;

  @TempDir private Path folder;

  @Test
  void shouldWriteAPyramidThatAnotherReaderReads() throws Exception {
    // Given tiles that leave gaps, the last of them small
    byte[] canvas = new byte[WIDTH * HEIGHT];
    Random random = new Random(3);
    TestSlide made = TestSlide.create();
    int[][] tiles = {{0, 0, 300, 200}, {640, 100, 200, 260}, {WIDTH - 60, HEIGHT - 70, 60, 70}};
    for (int[] tile : tiles) {
      byte[] values = new byte[tile[2] * tile[3]];
      for (int i = 0; i < values.length; i++) {
        values[i] = (byte) (random.nextInt(40) == 0 ? 1 : 0);
        canvas[(tile[1] + i / tile[2]) * WIDTH + tile[0] + i % tile[2]] = values[i];
      }
      made.add(TestSlide.result(tile[0], tile[1], Mask.of(tile[2], tile[3], values)).build());
    }
    Path file = folder.resolve("mask.tif");

    // When
    try (SlideResults slide = made.results()) {
      var unused =
          new SlideExport(ExportFormat.MASKS, Outlines.EXACT, false)
              .write(slide, file, count -> {});
    }

    // Then
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("bigtiff");
      ImageReader reader = readers.next();
      reader.setInput(in);
      assertThat(reader.getNumImages(true)).isEqualTo(4);
      byte[] expected = canvas;
      int width = WIDTH;
      int height = HEIGHT;
      for (int level = 0; level < 4; level++) {
        assertThat(reader.getWidth(level)).isEqualTo(width);
        assertThat(reader.getHeight(level)).isEqualTo(height);
        Raster raster = reader.read(level).getRaster();
        int differing = 0;
        for (int i = 0; i < expected.length; i++) {
          int value = raster.getSample(i % width, i / width, 0);
          differing += value == (expected[i] == 0 ? 0 : 255) ? 0 : 1;
        }
        assertThat(differing).isZero();
        expected = halved(expected, width, height);
        width = (width + 1) / 2;
        height = (height + 1) / 2;
      }
      reader.dispose();
    }
    assertThat(Files.size(file)).isLessThan(WIDTH * HEIGHT / 4);
  }

  @Test
  void shouldSayItsResolution() throws Exception {
    // Given
    Path file = folder.resolve("mask.tif");
    try (SlideResults slide = TestSlide.create().tile(0, 0, "#.#").results()) {
      var unused =
          new SlideExport(ExportFormat.MASKS, Outlines.EXACT, false)
              .write(slide, file, count -> {});
    }
    // Then, in pixels a centimetre
    try (TiffFile tiff = TiffFile.open(file)) {
      assertThat(tiff.number(TiffTag.X_RESOLUTION)).hasValue(20_000);
      assertThat(tiff.number(TiffTag.RESOLUTION_UNIT)).hasValue(3);
      assertThat(tiff.region(0, 0, 3, 1).rgb()).containsExactly(-1, -1, -1, 0, 0, 0, -1, -1, -1);
    }
  }

  private static byte[] halved(byte[] values, int width, int height) {
    int w = (width + 1) / 2;
    byte[] half = new byte[w * ((height + 1) / 2)];
    for (int i = 0; i < values.length; i++) {
      half[i / width / 2 * w + i % width / 2] |= values[i];
    }
    return half;
  }
}
