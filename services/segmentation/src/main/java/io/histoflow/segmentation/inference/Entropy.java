package io.histoflow.segmentation.inference;

import java.util.Arrays;

/**
 * Entropy of a Bernoulli probability in bits: 0 where the network is sure, 1 at probability 0.5.
 */
public final class Entropy {

  /** The share of a tile's pixels over which tail entropy is taken. */
  public static final double TAIL_SHARE = 0.01;

  private static final int BINS = 4096;

  private Entropy() {}

  /** Returns {@code -p log2 p - (1 - p) log2 (1 - p)}, 0 for p = 0 and p = 1. */
  public static double bits(double p) {
    return term(p) + term(1 - p);
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
    // Entropy falls with the distance from 0.5, so pixels are ranked by it without any logarithm.
    int wanted = Math.max(1, (int) Math.ceil(probabilities.length * TAIL_SHARE));
    int[] counts = new int[BINS + 1];
    for (float p : probabilities) {
      counts[bin(p)]++;
    }
    int last = 0;
    int before = 0;
    while (before + counts[last] < wanted) {
      before += counts[last++];
    }
    double sum = 0;
    float[] boundary = new float[counts[last]];
    int n = 0;
    for (float p : probabilities) {
      int bin = bin(p);
      if (bin < last) {
        sum += bits(p);
      } else if (bin == last) {
        boundary[n++] = Math.abs(p - 0.5f);
      }
    }
    Arrays.sort(boundary);
    for (int i = 0; i < wanted - before; i++) {
      sum += bits(0.5 + boundary[i]);
    }
    return sum / wanted;
  }

  private static int bin(float p) {
    return (int) (Math.abs(p - 0.5f) * 2 * BINS);
  }

  private static double term(double p) {
    return p <= 0 ? 0 : -p * Math.log(p) / Math.log(2);
  }
}
