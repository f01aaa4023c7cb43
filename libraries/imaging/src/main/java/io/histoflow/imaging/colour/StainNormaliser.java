package io.histoflow.imaging.colour;

/**
 * Makes tiles of different laboratories look alike: the tile's own haematoxylin and eosin are
 * estimated and put in place by a fixed reference's, in colour and in strength (Macenko et al.,
 * ISBI 2009), under white light.
 *
 * <p>A tile that shows too little of two stains - glass, one stain alone, a few pixels - stays as
 * it is. Strengths change by a factor of 2 at most. The same pixels always give the same result.
 */
public final class StainNormaliser {

  /** The reference's amounts: the 99th percentiles in Macenko's. */
  static final double HAEMATOXYLIN_STRENGTH = 1.9705;

  static final double EOSIN_STRENGTH = 1.0308;

  private static final double LARGEST_GAIN = 2;

  private StainNormaliser() {}

  /** Returns interleaved RGB pixels normalised, the given ones unchanged. */
  public static byte[] normalise(byte[] rgb) {
    byte[] normalised = rgb.clone();
    StainEstimate.of(rgb).map(StainNormaliser::map).ifPresent(map -> map.apply(normalised));
    return normalised;
  }

  private static DensityMap map(StainEstimate estimate) {
    double[] gains = {
      gain(HAEMATOXYLIN_STRENGTH, estimate.haematoxylin()),
      gain(EOSIN_STRENGTH, estimate.eosin()),
      1
    };
    double light = estimate.light();
    double[] amounts = estimate.stains().amounts(light, light, light);
    double[] added = new double[3];
    for (int stain = 0; stain < 3; stain++) {
      added[stain] = -gains[stain] * amounts[stain];
    }
    return estimate.stains().scale(gains, added, StainMatrix.MACENKO);
  }

  private static double gain(double wanted, double found) {
    return Math.max(1 / LARGEST_GAIN, Math.min(LARGEST_GAIN, wanted / found));
  }
}
