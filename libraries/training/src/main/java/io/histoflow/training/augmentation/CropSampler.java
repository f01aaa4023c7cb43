package io.histoflow.training.augmentation;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import java.util.SplittableRandom;

/**
 * Cuts a random square out of a tile, turned and mirrored; some are scaled, turned by any angle and
 * bent, some are placed on a positive pixel. Beyond an edge the tile is reflected.
 */
final class CropSampler {

  /** Random pixels looked at before a tile's positives are counted one by one. */
  private static final int QUICK_TRIES = 32;

  /** Half side of the square that lies inside a unit square however that is turned. */
  private static final double INNER = 0.7;

  private final int size;
  private final AugmentationSettings settings;

  /** Makes a sampler of squares of so many pixels a side. */
  CropSampler(int size, AugmentationSettings settings) {
    this.size = size;
    this.settings = settings;
  }

  /**
   * Fills the crop's pixels and mask.
   *
   * @param rgb takes size x size interleaved RGB pixels
   * @param mask takes size x size values of 0 and 1, {@link Augmentation#UNCERTAIN} where the
   *     tile's mask says nothing
   */
  void sample(LabelledTile tile, SplittableRandom random, byte[] rgb, byte[] mask) {
    boolean warped = random.nextDouble() < settings.warpShare();
    double most = Math.log(settings.scale());
    double scale = warped ? Math.exp((2 * random.nextDouble() - 1) * most) : 1.0;
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
    int anchor =
        random.nextDouble() < settings.positiveShare() ? positivePixel(tile.mask(), random) : -1;
    double cx = centre(random, width, scale, warped, anchor < 0 ? -1 : anchor % width);
    double cy = centre(random, height, scale, warped, anchor < 0 ? -1 : anchor / width);
    boolean bent = warped && random.nextDouble() < settings.elasticShare();
    ElasticField field = bent ? new ElasticField(size, settings.elasticPixels(), random) : null;
    double half = (size - 1) / 2.0;
    for (int v = 0; v < size; v++) {
      for (int u = 0; u < size; u++) {
        double du = mirror * (u - half);
        double dv = v - half;
        if (field != null) {
          du += field.dx(u, v);
          dv += field.dy(u, v);
        }
        double x = cx + cos * du - sin * dv;
        double y = cy + sin * du + cos * dv;
        int at = v * size + u;
        mask[at] = nearest(tile, x, y);
        if (warped) {
          bilinear(tile.image(), x, y, rgb, 3 * at);
        } else {
          copy(tile.image(), x, y, rgb, 3 * at);
        }
      }
    }
  }

  /** Returns the index of a positive pixel drawn at random, -1 where the mask has none. */
  static int positivePixel(Mask mask, SplittableRandom random) {
    byte[] values = mask.values();
    for (int i = 0; i < QUICK_TRIES; i++) {
      int at = random.nextInt(values.length);
      if (values[at] != 0) {
        return at;
      }
    }
    int positives = 0;
    for (byte value : values) {
      positives += value;
    }
    int wanted = positives == 0 ? -1 : random.nextInt(positives);
    int at = -1;
    while (wanted >= 0) {
      at++;
      wanted -= values[at];
    }
    return at;
  }

  /** Draws where the crop's middle lies, so that it holds the anchor where there is one. */
  private double centre(
      SplittableRandom random, int side, double scale, boolean warped, int anchor) {
    double half = (size - 1) / 2.0 * scale;
    double free = side - 1 - 2 * half;
    if (free <= 0) {
      return warped ? (side - 1) / 2.0 : half + Math.floor(free / 2);
    }
    double offset = random.nextDouble();
    // However the crop is turned, what is this close to its middle lies inside.
    double around = INNER * half * (1 - 2 * offset);
    double left = anchor < 0 ? offset * free : Math.max(0, Math.min(free, anchor - half + around));
    // Source positions on whole pixels blur nothing.
    return half + (warped ? left : Math.rint(left));
  }

  private static byte nearest(LabelledTile tile, double x, double y) {
    Mask mask = tile.mask();
    int sx = reflect((int) Math.rint(x), mask.width());
    int sy = reflect((int) Math.rint(y), mask.height());
    int at = sy * mask.width() + sx;
    return tile.isCertain(at) ? mask.values()[at] : Augmentation.UNCERTAIN;
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
  static int reflect(int i, int side) {
    if (side == 1) {
      return 0;
    }
    int period = 2 * (side - 1);
    int m = Math.floorMod(i, period);
    return m < side ? m : period - m;
  }
}
