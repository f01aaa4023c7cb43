package io.histoflow.imaging.colour;

import java.util.Arrays;
import java.util.Optional;

/**
 * How a tile was stained, estimated from its pixels (Macenko et al., ISBI 2009).
 *
 * @param light density of the lamp's light, 0 for a white background of 255
 * @param stains the tile's own haematoxylin and eosin
 * @param angle between them in radians
 * @param haematoxylin 99th percentile of its amount
 * @param eosin 99th percentile of its amount
 */
record StainEstimate(
    double light, StainMatrix stains, double angle, double haematoxylin, double eosin) {

  private static final double[] REFERENCE_HAEMATOXYLIN = StainMatrix.MACENKO.densities(1, 0, 0);
  private static final double[] REFERENCE_EOSIN = StainMatrix.MACENKO.densities(0, 1, 0);

  /** Paler pixels are glass: their hue is noise. Length of the vector of densities. */
  private static final double PALEST = 0.3;

  private static final int FEWEST_PIXELS = 400;
  private static final double LEAST_TISSUE = 0.02;
  private static final double EXTREME_SHARE = 0.01;

  /** Stains closer than this, in radians, are one stain: 11 degrees; the reference has 22. */
  private static final double LEAST_ANGLE = 0.2;

  /** Stains further than this from the reference, in radians, are something else: 29 degrees. */
  private static final double FARTHEST = 0.5;

  /** Returns the estimate, empty where the tile shows too little of two stains. */
  static Optional<StainEstimate> of(byte[] rgb) {
    DensitySample sample = new DensitySample(rgb).stained();
    double[][] tissue = tissue(sample);
    if (tissue.length < Math.max(FEWEST_PIXELS, LEAST_TISSUE * sample.count())) {
      return Optional.empty();
    }
    double[][] extremes = extremes(tissue);
    // Haematoxylin absorbs more red than eosin does.
    double[] h = extremes[0][0] > extremes[1][0] ? extremes[0] : extremes[1];
    double[] e = extremes[0][0] > extremes[1][0] ? extremes[1] : extremes[0];
    double angle = Matrices.angle(h, e);
    if (!(angle >= LEAST_ANGLE
        && Matrices.angle(h, REFERENCE_HAEMATOXYLIN) <= FARTHEST
        && Matrices.angle(e, REFERENCE_EOSIN) <= FARTHEST)) {
      return Optional.empty();
    }
    StainMatrix stains = StainMatrix.of(h, e);
    double[] haematoxylin = new double[tissue.length];
    double[] eosin = new double[tissue.length];
    for (int i = 0; i < tissue.length; i++) {
      double[] amounts = stains.amounts(tissue[i]);
      haematoxylin[i] = amounts[0];
      eosin[i] = amounts[1];
    }
    return Optional.of(
        new StainEstimate(
            sample.light(),
            stains,
            angle,
            DensitySample.percentileOf(haematoxylin, 1 - EXTREME_SHARE),
            DensitySample.percentileOf(eosin, 1 - EXTREME_SHARE)));
  }

  private static double[][] tissue(DensitySample sample) {
    double[][] pixels = new double[sample.count()][];
    int kept = 0;
    for (int i = 0; i < sample.count(); i++) {
      double[] density = {sample.density(i, 0), sample.density(i, 1), sample.density(i, 2)};
      if (Matrices.dot(density, density) > PALEST * PALEST) {
        pixels[kept++] = density;
      }
    }
    return Arrays.copyOf(pixels, kept);
  }

  /** Returns the outermost directions in the plane that holds most of the densities. */
  private static double[][] extremes(double[][] tissue) {
    double[][] moments = new double[3][3];
    for (double[] density : tissue) {
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
          moments[i][j] += density[i] * density[j] / tissue.length;
        }
      }
    }
    double[][] axes = Matrices.eigenvectors(moments);
    double[] first = axes[0];
    double[] second = axes[1];
    double side = first[0] + first[1] + first[2] < 0 ? -1 : 1;
    double[] angles = new double[tissue.length];
    for (int i = 0; i < tissue.length; i++) {
      angles[i] =
          Math.atan2(Matrices.dot(tissue[i], second), side * Matrices.dot(tissue[i], first));
    }
    double low = DensitySample.percentileOf(angles, EXTREME_SHARE);
    double high = DensitySample.percentileOf(angles, 1 - EXTREME_SHARE);
    return new double[][] {
      direction(first, second, side, low), direction(first, second, side, high)
    };
  }

  private static double[] direction(double[] first, double[] second, double side, double angle) {
    double[] direction = new double[3];
    for (int c = 0; c < 3; c++) {
      // A stain takes light away, it never adds any.
      direction[c] = Math.max(0, side * Math.cos(angle) * first[c] + Math.sin(angle) * second[c]);
    }
    return Matrices.unit(direction);
  }
}
