package io.histoflow.segmentation.augmentation;

import java.util.SplittableRandom;

/**
 * Stain augmentation in HED space (Tellez et al., 2018): the amounts of haematoxylin, eosin and a
 * residual are each scaled and shifted at random in optical density, then brightness and contrast.
 *
 * <p>Unmixing, jitter and mixing are one 3x3 matrix on optical densities.
 */
final class StainJitter {

  /** Optical densities of haematoxylin, eosin and DAB in R, G, B (Ruifrok and Johnston, 2001). */
  private static final double[][] STAINS = {
    {0.65, 0.70, 0.29}, {0.07, 0.99, 0.11}, {0.27, 0.57, 0.78}
  };

  private static final double[][] UNMIX = inverse(STAINS);
  private static final float[] DENSITY = new float[256];

  static {
    for (int i = 0; i < 256; i++) {
      DENSITY[i] = (float) -Math.log((i + 1) / 256.0);
    }
  }

  private final double strength;

  /**
   * Makes a jitter.
   *
   * @param strength largest relative change of a stain's amount, 0..1; 0 leaves pixels as they are
   */
  StainJitter(double strength) {
    this.strength = strength;
  }

  /** Changes interleaved RGB pixels in place. */
  void apply(byte[] rgb, SplittableRandom random) {
    if (strength == 0) {
      return;
    }
    double[] gain = new double[3];
    double[] shift = new double[3];
    for (int s = 0; s < 3; s++) {
      gain[s] = 1 + strength * (2 * random.nextDouble() - 1);
      shift[s] = 0.15 * strength * (2 * random.nextDouble() - 1);
    }
    double light = 1 + 0.4 * strength * (2 * random.nextDouble() - 1);
    float[] m = new float[9];
    float[] offset = new float[3];
    for (int c = 0; c < 3; c++) {
      for (int s = 0; s < 3; s++) {
        for (int k = 0; k < 3; k++) {
          m[3 * c + k] += (float) (UNMIX[k][s] * gain[s] * STAINS[s][c]);
        }
        offset[c] += (float) (shift[s] * STAINS[s][c]);
      }
      offset[c] -= (float) Math.log(light);
    }
    for (int i = 0; i < rgb.length; i += 3) {
      float r = DENSITY[rgb[i] & 0xff];
      float g = DENSITY[rgb[i + 1] & 0xff];
      float b = DENSITY[rgb[i + 2] & 0xff];
      rgb[i] = intensity(m[0] * r + m[1] * g + m[2] * b + offset[0]);
      rgb[i + 1] = intensity(m[3] * r + m[4] * g + m[5] * b + offset[1]);
      rgb[i + 2] = intensity(m[6] * r + m[7] * g + m[8] * b + offset[2]);
    }
  }

  private static byte intensity(float density) {
    return (byte) Math.max(0, Math.min(255, Math.round(256 * Math.exp(-density) - 1)));
  }

  private static double[][] inverse(double[][] a) {
    double[][] inverse = new double[3][3];
    double determinant = 0;
    for (int i = 0; i < 3; i++) {
      determinant += a[0][i] * minor(a, 0, i);
    }
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        inverse[j][i] = minor(a, i, j) / determinant;
      }
    }
    return inverse;
  }

  private static double minor(double[][] a, int row, int column) {
    int r1 = (row + 1) % 3;
    int r2 = (row + 2) % 3;
    int c1 = (column + 1) % 3;
    int c2 = (column + 2) % 3;
    return a[r1][c1] * a[r2][c2] - a[r1][c2] * a[r2][c1];
  }
}
