package io.histoflow.segmentation.uncertainty;

/**
 * Entropy of a Bernoulli probability in bits: 0 where the network is sure, 1 at probability 0.5.
 */
public final class Entropy {

  /** The share of a tile's pixels over which tail entropy is taken. */
  public static final double TAIL_SHARE = 0.01;

  /** The table's columns: so many to each power of two of the rarer outcome's probability. */
  private static final int COLUMN_BITS = 9;

  private static final int COLUMN_SHIFT = 23 - COLUMN_BITS;
  private static final int COLUMN_MASK = (1 << COLUMN_SHIFT) - 1;
  private static final float COLUMN_WIDTH = 1f / (1 << COLUMN_SHIFT);
  private static final int LOWEST = Float.floatToRawIntBits(0x1p-24f);
  private static final float[] TABLE = table();

  private Entropy() {}

  /** Returns {@code -p log2 p - (1 - p) log2 (1 - p)}, 0 for p = 0 and p = 1. */
  public static double bits(double p) {
    return term(p) + term(1 - p);
  }

  /**
   * As {@link #bits(double)} without a logarithm, ten times as fast: interpolated in a table, wrong
   * by less than a millionth of a bit.
   */
  public static float bits(float p) {
    float rarer = p <= 0.5f ? p : 1 - p;
    int place = Float.floatToRawIntBits(rarer) - LOWEST;
    if (!(rarer >= 0x1p-24f)) {
      return (float) bits((double) rarer);
    }
    int column = place >> COLUMN_SHIFT;
    float low = TABLE[column];
    return low + (place & COLUMN_MASK) * COLUMN_WIDTH * (TABLE[column + 1] - low);
  }

  private static float[] table() {
    int columns = (Float.floatToRawIntBits(0.5f) - LOWEST) >> COLUMN_SHIFT;
    float[] table = new float[columns + 2];
    for (int column = 0; column < table.length; column++) {
      table[column] =
          (float) bits((double) Float.intBitsToFloat(LOWEST + (column << COLUMN_SHIFT)));
    }
    return table;
  }

  /** Returns the mean entropy over all pixels, bits per pixel. */
  public static double mean(float[] probabilities) {
    double sum = 0;
    for (float p : probabilities) {
      sum += bits(p);
    }
    return sum / probabilities.length;
  }

  /**
   * Returns the mean entropy of the most uncertain {@value #TAIL_SHARE} of the pixels, rounded up,
   * at least one: a small doubtful spot on an empty tile is not averaged away.
   */
  public static double tail(float[] probabilities) {
    EntropyTail tail = new EntropyTail();
    for (float p : probabilities) {
      tail.add(p, bits(p));
    }
    return tail.mean(probabilities);
  }

  /**
   * Returns the mean over all pixels of entropy times probability, bits per pixel, 0 to 0.62: the
   * doubt that lies in what may be tissue of interest. Background that the network is unsure of
   * hardly counts, and no mask threshold does.
   */
  public static double positive(float[] probabilities) {
    double sum = 0;
    for (float p : probabilities) {
      sum += p * bits(p);
    }
    return sum / probabilities.length;
  }

  /** Returns the entropy of the pixels above the threshold, divided by the number of all pixels. */
  public static double mask(float[] probabilities, double threshold) {
    double sum = 0;
    for (float p : probabilities) {
      sum += p > threshold ? bits(p) : 0;
    }
    return sum / probabilities.length;
  }

  /** Returns the entropy of the pixels not above the threshold, divided by the number of all. */
  public static double background(float[] probabilities, double threshold) {
    double sum = 0;
    for (float p : probabilities) {
      sum += p > threshold ? 0 : bits(p);
    }
    return sum / probabilities.length;
  }

  /**
   * Returns the entropy of the pixels that lie away from the mask's boundary, divided by the number
   * of all pixels: borders of nuclei are always unsure and may say little of misses.
   *
   * @param width of the tile in pixels; the probabilities are (H, W)
   * @param distance pixels with a pixel of the other side within so many rows and columns are at
   *     the boundary, 1 or more
   */
  public static double awayFromBoundary(
      float[] probabilities, int width, double threshold, int distance) {
    int height = probabilities.length / width;
    // Summed-area table of the mask, with a row and a column of zeros before it.
    int[] sums = new int[(width + 1) * (height + 1)];
    for (int y = 0; y < height; y++) {
      int row = 0;
      for (int x = 0; x < width; x++) {
        row += probabilities[y * width + x] > threshold ? 1 : 0;
        sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
      }
    }
    double sum = 0;
    for (int y = 0; y < height; y++) {
      int top = Math.max(0, y - distance) * (width + 1);
      int rows = Math.min(height, y + distance + 1) - Math.max(0, y - distance);
      int bottom = top + rows * (width + 1);
      for (int x = 0; x < width; x++) {
        int left = Math.max(0, x - distance);
        int right = Math.min(width, x + distance + 1);
        int inside =
            sums[bottom + right] - sums[bottom + left] - sums[top + right] + sums[top + left];
        if (inside == 0 || inside == rows * (right - left)) {
          sum += bits(probabilities[y * width + x]);
        }
      }
    }
    return sum / probabilities.length;
  }

  private static double term(double p) {
    return p <= 0 ? 0 : -p * Math.log(p) / Math.log(2);
  }
}
