package io.histoflow.imaging;

/** Geometry on interleaved rasters of bytes, layout (H, W, channels). */
final class Raster2d {

  private Raster2d() {}

  static void checkLength(int width, int height, int channels, byte[] values) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "An image needs at least 1 x 1 pixels, not " + width + " x " + height);
    }
    long expected = (long) width * height * channels;
    if (values.length != expected) {
      throw new IllegalArgumentException(
          "An image of %s x %s pixels and %s channels needs %s values, not %s"
              .formatted(width, height, channels, expected, values.length));
    }
  }

  /** Where a pixel of one channel is. */
  static int index(int width, int height, int x, int y) {
    if (x < 0 || x >= width || y < 0 || y >= height) {
      throw new IndexOutOfBoundsException(
          "(" + x + ", " + y + ") lies outside " + width + " x " + height);
    }
    return y * width + x;
  }

  static byte[] crop(
      byte[] values, int width, int height, int channels, int x, int y, int w, int h) {
    if (x < 0 || y < 0 || w < 1 || h < 1 || (long) x + w > width || (long) y + h > height) {
      throw new IllegalArgumentException(
          "The rectangle %s x %s at (%s, %s) does not lie inside %s x %s pixels"
              .formatted(w, h, x, y, width, height));
    }
    byte[] out = new byte[w * h * channels];
    for (int row = 0; row < h; row++) {
      System.arraycopy(
          values, ((y + row) * width + x) * channels, out, row * w * channels, w * channels);
    }
    return out;
  }

  static byte[] reflectPad(
      byte[] values, int width, int height, int channels, int right, int bottom) {
    if (right < 0 || bottom < 0) {
      throw new IllegalArgumentException(
          "A margin is 0 pixels or more, not " + right + " and " + bottom);
    }
    int paddedWidth = Math.addExact(width, right);
    int paddedHeight = Math.addExact(height, bottom);
    int stride = Math.multiplyExact(paddedWidth, channels);
    byte[] out = new byte[Math.multiplyExact(stride, paddedHeight)];
    for (int y = 0; y < paddedHeight; y++) {
      int source = reflect(y, height) * width * channels;
      int target = y * stride;
      System.arraycopy(values, source, out, target, width * channels);
      for (int x = width; x < paddedWidth; x++) {
        System.arraycopy(
            values, source + reflect(x, width) * channels, out, target + x * channels, channels);
      }
    }
    return out;
  }

  private static int reflect(int i, int length) {
    if (length == 1) {
      return 0;
    }
    int period = 2 * (length - 1);
    int j = i % period;
    return j < length ? j : period - j;
  }
}
