package io.histoflow.ihc.region;

import io.histoflow.imaging.Mask;

/** Squared Euclidean distances, exact, in linear time (Felzenszwalb and Huttenlocher, 2012). */
final class DistanceMap {
  /** Further than any pixel is, and small enough to be added to. */
  private static final float FAR = 1e12f;

  private DistanceMap() {}

  /**
   * Returns how far each pixel is from the nearest of a kind.
   *
   * @param positive whether distances are to positive pixels or to the others
   * @return (H, W), squared pixels; very large where the mask has none
   */
  static float[] squared(Mask mask, boolean positive) {
    int width = mask.width();
    int height = mask.height();
    float[] distances = new float[width * height];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = mask.values()[i] != 0 == positive ? 0 : FAR;
    }
    int longest = Math.max(width, height);
    float[] line = new float[longest];
    int[] lowest = new int[longest];
    double[] from = new double[longest + 1];
    for (int x = 0; x < width; x++) {
      along(distances, x, width, height, line, lowest, from);
    }
    for (int y = 0; y < height; y++) {
      along(distances, y * width, 1, width, line, lowest, from);
    }
    return distances;
  }

  /** The lower envelope of the parabolas over one line. */
  private static void along(
      float[] values, int start, int next, int length, float[] line, int[] lowest, double[] from) {
    for (int i = 0; i < length; i++) {
      line[i] = values[start + i * next];
    }
    int k = 0;
    lowest[0] = 0;
    from[0] = Double.NEGATIVE_INFINITY;
    from[1] = Double.POSITIVE_INFINITY;
    for (int q = 1; q < length; q++) {
      double crossing = crossing(line, lowest[k], q);
      while (crossing <= from[k]) {
        k--;
        crossing = crossing(line, lowest[k], q);
      }
      k++;
      lowest[k] = q;
      from[k] = crossing;
      from[k + 1] = Double.POSITIVE_INFINITY;
    }
    k = 0;
    for (int q = 0; q < length; q++) {
      while (from[k + 1] < q) {
        k++;
      }
      int apart = q - lowest[k];
      values[start + q * next] = line[lowest[k]] + (float) apart * apart;
    }
  }

  private static double crossing(float[] line, int p, int q) {
    return ((line[q] + (double) q * q) - (line[p] + (double) p * p)) / (2.0 * (q - p));
  }
}
