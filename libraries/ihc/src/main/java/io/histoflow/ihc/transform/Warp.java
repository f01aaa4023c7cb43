package io.histoflow.ihc.transform;

import io.histoflow.imaging.RgbImage;
import java.util.Arrays;

/** Brings an image onto another. */
public final class Warp {
  private static final byte WHITE = (byte) 255;

  private Warp() {}

  /**
   * Returns the moving image as it lies on the fixed one, linear between pixels; white where it
   * does not reach.
   *
   * @param width of the fixed image
   * @param height of the fixed image
   */
  public static RgbImage of(RgbImage moving, Transform transform, int width, int height) {
    byte[] rgb = new byte[3 * Math.multiplyExact(width, height)];
    Arrays.fill(rgb, WHITE);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        double x = transform.x(column, row);
        double y = transform.y(column, row);
        if (x >= 0 && y >= 0 && x <= moving.width() - 1 && y <= moving.height() - 1) {
          mix(moving, x, y, rgb, 3 * (row * width + column));
        }
      }
    }
    return RgbImage.of(width, height, rgb);
  }

  private static void mix(RgbImage image, double x, double y, byte[] rgb, int to) {
    int left = Math.min((int) x, Math.max(0, image.width() - 2));
    int top = Math.min((int) y, Math.max(0, image.height() - 2));
    double right = x - left;
    double down = y - top;
    int here = 3 * (top * image.width() + left);
    int beside = image.width() > 1 ? 3 : 0;
    int below = image.height() > 1 ? 3 * image.width() : 0;
    for (int c = 0; c < 3; c++) {
      byte[] pixels = image.rgb();
      double upper =
          (pixels[here + c] & 0xFF) * (1 - right) + (pixels[here + beside + c] & 0xFF) * right;
      double lower =
          (pixels[here + below + c] & 0xFF) * (1 - right)
              + (pixels[here + below + beside + c] & 0xFF) * right;
      rgb[to + c] = (byte) Math.round(upper * (1 - down) + lower * down);
    }
  }
}
