package io.histoflow.segmentation.training;

import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.dataset.LabelledTile;
import java.util.SplittableRandom;

/**
 * Cuts a random square out of a tile, turned, mirrored and, half of the time, scaled by 0.8 to 1.25
 * and turned by any angle. Beyond an edge the tile is reflected.
 */
final class CropSampler {

  private static final double LEAST_SCALE = 0.8;
  private static final double MOST_SCALE = 1.25;

  private final int size;

  /** Makes a sampler of squares of so many pixels a side. */
  CropSampler(int size) {
    this.size = size;
  }

  /**
   * Fills the crop's pixels and mask.
   *
   * @param rgb takes size x size interleaved RGB pixels
   * @param mask takes size x size values of 0 and 1
   */
  void sample(LabelledTile tile, SplittableRandom random, byte[] rgb, byte[] mask) {
    boolean warped = random.nextBoolean();
    double scale =
        warped ? Math.exp(random.nextDouble(Math.log(LEAST_SCALE), Math.log(MOST_SCALE))) : 1.0;
    double angle = warped ? random.nextDouble(2 * Math.PI) : random.nextInt(4) * Math.PI / 2;
    int mirror = random.nextBoolean() ? -1 : 1;
    double cos = scale * Math.cos(angle);
    double sin = scale * Math.sin(angle);
    int width = tile.image().width();
    int height = tile.image().height();
    if (!warped) {
      cos = Math.rint(cos);
      sin = Math.rint(sin);
    }
    double cx = centre(random, width, scale, warped);
    double cy = centre(random, height, scale, warped);
    double half = (size - 1) / 2.0;
    for (int v = 0; v < size; v++) {
      for (int u = 0; u < size; u++) {
        double du = mirror * (u - half);
        double dv = v - half;
        double x = cx + cos * du - sin * dv;
        double y = cy + sin * du + cos * dv;
        int at = v * size + u;
        mask[at] = nearest(tile.mask(), x, y);
        if (warped) {
          bilinear(tile.image(), x, y, rgb, 3 * at);
        } else {
          copy(tile.image(), x, y, rgb, 3 * at);
        }
      }
    }
  }

  private double centre(SplittableRandom random, int side, double scale, boolean warped) {
    double half = (size - 1) / 2.0 * scale;
    double free = side - 1 - 2 * half;
    if (warped) {
      return free <= 0 ? (side - 1) / 2.0 : half + random.nextDouble(free);
    }
    // Keeps source positions on whole pixels, so that nothing is blurred.
    return half + (free < 1 ? Math.floor(free / 2) : random.nextInt((int) free + 1));
  }

  private static byte nearest(Mask mask, double x, double y) {
    int sx = reflect((int) Math.rint(x), mask.width());
    int sy = reflect((int) Math.rint(y), mask.height());
    return mask.values()[sy * mask.width() + sx];
  }

  private static void copy(RgbImage image, double x, double y, byte[] rgb, int at) {
    int sx = reflect((int) Math.rint(x), image.width());
    int sy = reflect((int) Math.rint(y), image.height());
    System.arraycopy(image.rgb(), 3 * (sy * image.width() + sx), rgb, at, 3);
  }

  private static void bilinear(RgbImage image, double x, double y, byte[] rgb, int at) {
    int x0 = (int) Math.floor(x);
    int y0 = (int) Math.floor(y);
    float fx = (float) (x - x0);
    float fy = (float) (y - y0);
    int left = reflect(x0, image.width());
    int right = reflect(x0 + 1, image.width());
    int top = reflect(y0, image.height()) * image.width();
    int bottom = reflect(y0 + 1, image.height()) * image.width();
    byte[] pixels = image.rgb();
    for (int c = 0; c < 3; c++) {
      float upper = mix(pixels, 3 * (top + left) + c, 3 * (top + right) + c, fx);
      float lower = mix(pixels, 3 * (bottom + left) + c, 3 * (bottom + right) + c, fx);
      rgb[at + c] = (byte) Math.round(upper + fy * (lower - upper));
    }
  }

  private static float mix(byte[] pixels, int a, int b, float share) {
    int first = pixels[a] & 0xff;
    return first + share * ((pixels[b] & 0xff) - first);
  }

  /** Reflects an index about the first and last pixel, which are not repeated. */
  private static int reflect(int i, int side) {
    if (side == 1) {
      return 0;
    }
    int period = 2 * (side - 1);
    int m = Math.floorMod(i, period);
    return m < side ? m : period - m;
  }
}
