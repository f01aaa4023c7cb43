package io.histoflow.ihc.plane;

/**
 * One real value a pixel, for example an amount of stain; immutable by convention: nobody writes to
 * {@link #values()}.
 *
 * <p>Layout (H, W): rows from the top. Positions are of pixels' middles: (0, 0) is the middle of
 * the first pixel.
 */
public final class Plane {
  private final int width;
  private final int height;
  private final float[] values;

  private Plane(int width, int height, float[] values) {
    this.width = width;
    this.height = height;
    this.values = values;
  }

  /**
   * Wraps values without copying them; the caller gives the array away.
   *
   * @param width in pixels, 1 or more
   * @param height in pixels, 1 or more
   * @param values height x width values
   * @throws IllegalArgumentException where the array does not have that length
   */
  public static Plane of(int width, int height, float[] values) {
    if (width < 1 || height < 1 || (long) width * height != values.length) {
      throw new IllegalArgumentException(
          "A plane of %d x %d pixels cannot have %d values"
              .formatted(width, height, values.length));
    }
    return new Plane(width, height, values);
  }

  /** Width in pixels. */
  public int width() {
    return width;
  }

  /** Height in pixels. */
  public int height() {
    return height;
  }

  /** All values, (H, W); not a copy and not to be changed. */
  public float[] values() {
    return values;
  }

  /** Tells whether a position lies between the middles of four pixels. */
  public boolean holds(double x, double y) {
    return x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1;
  }

  /** Returns the value at a position that the plane {@link #holds}, linear between pixels. */
  public float at(double x, double y) {
    int left = Math.min((int) x, Math.max(0, width - 2));
    int top = Math.min((int) y, Math.max(0, height - 2));
    float right = (float) (x - left);
    float down = (float) (y - top);
    int here = top * width + left;
    int beside = width > 1 ? 1 : 0;
    int below = height > 1 ? width : 0;
    float upper = values[here] + right * (values[here + beside] - values[here]);
    float lower =
        values[here + below] + right * (values[here + below + beside] - values[here + below]);
    return upper + down * (lower - upper);
  }

  /**
   * Returns the means of squares of pixels; what does not fill a square at the right and at the
   * bottom is left out.
   *
   * @param step side of a square, 1 to the plane's shorter side
   */
  public Plane reduced(int step) {
    if (step < 1 || step > Math.min(width, height)) {
      throw new IllegalArgumentException(
          "A plane of %d x %d pixels cannot be reduced by %d".formatted(width, height, step));
    }
    if (step == 1) {
      return this;
    }
    int w = width / step;
    int h = height / step;
    float[] means = new float[w * h];
    for (int y = 0; y < h * step; y++) {
      for (int x = 0; x < w * step; x++) {
        means[y / step * w + x / step] += values[y * width + x];
      }
    }
    for (int i = 0; i < means.length; i++) {
      means[i] /= step * step;
    }
    return new Plane(w, h, means);
  }

  /**
   * Returns the plane under a Gaussian, cut off at three of its sigma; beyond an edge the last
   * value goes on.
   *
   * @param sigma in pixels, above 0
   */
  public Plane blurred(double sigma) {
    int reach = (int) Math.ceil(3 * sigma);
    float[] kernel = new float[2 * reach + 1];
    double sum = 0;
    for (int i = -reach; i <= reach; i++) {
      sum += Math.exp(-i * i / (2 * sigma * sigma));
    }
    for (int i = -reach; i <= reach; i++) {
      kernel[i + reach] = (float) (Math.exp(-i * i / (2 * sigma * sigma)) / sum);
    }
    float[] across = new float[values.length];
    blur(values, across, kernel, width, 1, height, width);
    float[] both = new float[values.length];
    blur(across, both, kernel, height, width, width, 1);
    return new Plane(width, height, both);
  }

  private static void blur(
      float[] from, float[] to, float[] kernel, int length, int next, int lines, int nextLine) {
    int reach = kernel.length / 2;
    for (int line = 0; line < lines; line++) {
      int start = line * nextLine;
      for (int i = 0; i < length; i++) {
        float sum = 0;
        for (int k = -reach; k <= reach; k++) {
          int at = Math.max(0, Math.min(length - 1, i + k));
          sum += kernel[k + reach] * from[start + at * next];
        }
        to[start + i * next] = sum;
      }
    }
  }
}
