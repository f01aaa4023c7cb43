package io.histoflow.segmentation.uncertainty;

import java.util.Arrays;

/**
 * The mean entropy of a tile's most uncertain pixels, {@value Entropy#TAIL_SHARE} of them. Entropy
 * falls with the distance of the probability from 0.5, so pixels are counted by it, in bins, and
 * only those of the bin at the border are ranked.
 */
final class EntropyTail {

  private static final int BINS = 4096;

  private final int[] counts = new int[BINS + 1];
  private final double[] sums = new double[BINS + 1];

  /** Counts a pixel. */
  void add(float p, float bits) {
    int bin = bin(p);
    counts[bin]++;
    sums[bin] += bits;
  }

  /**
   * Returns the mean entropy of the most uncertain pixels, bits; of one pixel at least.
   *
   * @param probabilities all that were counted
   */
  double mean(float[] probabilities) {
    int wanted = Math.max(1, (int) Math.ceil(probabilities.length * Entropy.TAIL_SHARE));
    int border = 0;
    int before = 0;
    double sum = 0;
    while (before + counts[border] < wanted) {
      sum += sums[border];
      before += counts[border++];
    }
    float[] distances = new float[counts[border]];
    int n = 0;
    for (float p : probabilities) {
      if (bin(p) == border) {
        distances[n++] = Math.abs(p - 0.5f);
      }
    }
    Arrays.sort(distances);
    for (int i = 0; i < wanted - before; i++) {
      sum += Entropy.bits(0.5f - distances[i]);
    }
    return sum / wanted;
  }

  private static int bin(float p) {
    return (int) (Math.abs(p - 0.5f) * 2 * BINS);
  }
}
