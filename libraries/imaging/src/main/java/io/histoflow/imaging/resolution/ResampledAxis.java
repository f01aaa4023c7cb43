package io.histoflow.imaging.resolution;

/**
 * Which samples of a line make up each sample of a coarser or finer one, and with what weights,
 * whose sum is 1. Where the new line is coarser a sample is the mean of what it covers; where it is
 * finer, Catmull-Rom's cubic through the four samples around its centre (Keys 1981, a = -0.5), at
 * the ends through those of them that there are.
 */
final class ResampledAxis {
  private static final int CUBIC_TAPS = 4;

  private final int sources;
  private final int taps;
  private final int[] firsts;
  private final int[] counts;
  private final float[] weights;

  /**
   * Makes an axis.
   *
   * @param sources samples that there are, 1 or more
   * @param length samples that are wanted, 1 or more
   * @param step how many of the former one of the latter is wide, above 0; length x step is at most
   *     a sample more than there are
   */
  ResampledAxis(int sources, int length, double step) {
    this.sources = sources;
    this.taps = step > 1 ? (int) Math.ceil(step) + 1 : CUBIC_TAPS;
    this.firsts = new int[length];
    this.counts = new int[length];
    this.weights = new float[Math.multiplyExact(length, taps)];
    for (int i = 0; i < length; i++) {
      int from = step > 1 ? (int) (i * step) : (int) Math.floor((i + 0.5) * step - 0.5) - 1;
      firsts[i] = Math.min(sources - 1, Math.max(0, from));
      counts[i] = Math.max(1, Math.min(sources, from + taps) - firsts[i]);
      weigh(i, step);
    }
  }

  private void weigh(int i, double step) {
    double sum = 0;
    double[] own = new double[counts[i]];
    for (int tap = 0; tap < own.length; tap++) {
      int source = firsts[i] + tap;
      own[tap] =
          step > 1
              ? Math.max(0, Math.min(source + 1, (i + 1) * step) - Math.max(source, i * step))
              : cubic(Math.abs((i + 0.5) * step - 0.5 - source));
      sum += own[tap];
    }
    for (int tap = 0; tap < own.length; tap++) {
      weights[i * taps + tap] = (float) (own[tap] / sum);
    }
  }

  private static double cubic(double distance) {
    double x = distance;
    if (x < 1) {
      return (1.5 * x - 2.5) * x * x + 1;
    }
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
  }

  /** Returns the number of samples that there are. */
  int sources() {
    return sources;
  }

  /** Returns the number of samples that are wanted. */
  int length() {
    return firsts.length;
  }

  /** Returns the most samples that one is made of. */
  int taps() {
    return taps;
  }

  /** Returns the first sample that one is made of; it never falls from one to the next. */
  int first(int i) {
    return firsts[i];
  }

  /** Returns the number of samples that one is made of. */
  int count(int i) {
    return counts[i];
  }

  /** Returns the weight of one of the samples that one is made of. */
  float weight(int i, int tap) {
    return weights[i * taps + tap];
  }
}
