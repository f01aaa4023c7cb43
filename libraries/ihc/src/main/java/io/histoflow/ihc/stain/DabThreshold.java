package io.histoflow.ihc.stain;

import io.histoflow.ihc.plane.Plane;

/**
 * Where DAB counts as positive: Otsu's threshold, but never less than a floor, for Otsu's needs a
 * positive class and falls into the noise where there is none.
 *
 * @param value a pixel is positive where its DAB is above it, in decadic optical density
 * @param otsu Otsu's threshold alone
 * @param share of the pixels that are positive, 0..1
 */
public record DabThreshold(double value, double otsu, double share) {
  /** The least threshold, in decadic optical density. */
  public static final double FLOOR = 0.15;

  /** Sigma in pixels of what is smoothed away before the histogram: noise of single pixels. */
  private static final double NOISE = 1;

  private static final double TOP = 1.5;
  private static final int BINS = 256;

  /** Finds the threshold of one section. */
  public static DabThreshold of(Plane dab) {
    double otsu = otsu(dab.blurred(NOISE));
    double value = Math.max(otsu, FLOOR);
    int positive = 0;
    for (float amount : dab.values()) {
      positive += amount > value ? 1 : 0;
    }
    return new DabThreshold(value, otsu, (double) positive / dab.values().length);
  }

  /** Parts the histogram of 0..1.5 where the variance between both classes is greatest (1979). */
  private static double otsu(Plane dab) {
    long[] histogram = new long[BINS];
    double all = 0;
    for (float amount : dab.values()) {
      int bin = (int) Math.max(0, Math.min(BINS - 1, amount / TOP * BINS));
      histogram[bin]++;
      all += bin;
    }
    int total = dab.values().length;
    long below = 0;
    double sum = 0;
    double most = -1;
    int best = 0;
    for (int bin = 0; bin < BINS - 1; bin++) {
      below += histogram[bin];
      sum += (double) bin * histogram[bin];
      long above = total - below;
      if (below > 0 && above > 0) {
        double apart = sum / below - (all - sum) / above;
        double variance = apart * apart * below * above;
        if (variance > most) {
          most = variance;
          best = bin;
        }
      }
    }
    return (best + 1) * TOP / BINS;
  }
}
