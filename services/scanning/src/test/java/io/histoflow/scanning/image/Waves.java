package io.histoflow.scanning.image;

import io.histoflow.imaging.RgbImage;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** The picture of 200 x 150 pixels that the slides among the resources hold, by its formula. */
final class Waves {

  static final int WIDTH = 200;
  static final int HEIGHT = 150;

  private Waves() {}

  static RgbImage image() {
    byte[] rgb = new byte[3 * WIDTH * HEIGHT];
    int o = 0;
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        rgb[o++] = (byte) (int) (200 + 40 * Math.sin(x / 17.0));
        rgb[o++] = (byte) (int) (120 + 60 * Math.cos((x + y) / 23.0));
        rgb[o++] = (byte) (int) (180 + 50 * Math.sin(y / 11.0));
      }
    }
    return RgbImage.of(WIDTH, HEIGHT, rgb);
  }

  /** A slide among the resources. */
  static Path file(String name) throws URISyntaxException {
    return Path.of(Waves.class.getResource(name).toURI());
  }

  static byte[] bytes(String name) throws IOException {
    try (InputStream in = Waves.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  /** The largest difference of two samples. */
  static int difference(RgbImage a, RgbImage b) {
    int most = a.rgb().length == b.rgb().length ? 0 : 256;
    for (int i = 0; i < a.rgb().length && most < 256; i++) {
      most = Math.max(most, Math.abs((a.rgb()[i] & 0xFF) - (b.rgb()[i] & 0xFF)));
    }
    return most;
  }

  /** The mean of 2 x 2 pixels. */
  static RgbImage half(RgbImage image) {
    int width = image.width() / 2;
    int height = image.height() / 2;
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      int c = i % 3;
      int x = i / 3 % width;
      int y = i / 3 / width;
      int sum = 0;
      for (int corner = 0; corner < 4; corner++) {
        int at = (2 * y + corner / 2) * image.width() + 2 * x + corner % 2;
        sum += image.rgb()[3 * at + c] & 0xFF;
      }
      rgb[i] = (byte) Math.round(sum / 4.0);
    }
    return RgbImage.of(width, height, rgb);
  }
}
