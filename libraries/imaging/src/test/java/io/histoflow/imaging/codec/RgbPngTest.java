package io.histoflow.imaging.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.imaging.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RgbPngTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1, 256",
    "7, 3, 256",
    "256, 256, 256",
    "33, 1, 256",
    "1, 200, 256",
    "200, 150, 3",
    "50, 40, 1"
  })
  void shouldKeepEveryPixelForOtherReaders(int width, int height, int values) throws IOException {
    // Given: noise of so many values, which no deflater makes smaller where there are 256
    byte[] rgb = new byte[3 * width * height];
    Random random = new Random(7);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (255 - random.nextInt(values));
    }

    // When
    byte[] png = RgbPng.encode(RgbImage.of(width, height, rgb));

    // Then: as the Java runtime reads it
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getWidth()).isEqualTo(width);
    assertThat(image.getHeight()).isEqualTo(height);
    assertThat(image.getColorModel().hasAlpha()).isFalse();
    byte[] read = new byte[rgb.length];
    for (int i = 0; i < width * height; i++) {
      int pixel = image.getRGB(i % width, i / width);
      read[3 * i] = (byte) (pixel >> 16);
      read[3 * i + 1] = (byte) (pixel >> 8);
      read[3 * i + 2] = (byte) pixel;
    }
    assertThat(read).isEqualTo(rgb);
  }
}
