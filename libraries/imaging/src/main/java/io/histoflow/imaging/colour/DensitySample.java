package io.histoflow.imaging.colour;

import org.apache.commons.numbers.arrays.Selection;

/**
 * Optical densities of evenly spread pixels of a tile, enough for percentiles, taken from the
 * lamp's light on: a darker lamp or exposure gives the same sample.
 */
final class DensitySample {

  private static final int MOST_PIXELS = 8192;
  private static final double LIGHT_SHARE = 0.01;

  /** A tile whose brightest pixels are darker than this is dense rather than badly lit. */
  private static final float DARKEST_LIGHT = 0.7f;

  private final int count;
  private final float light;
  private final float[] densities;

  /** Samples interleaved RGB pixels. */
  DensitySample(byte[] rgb) {
    int pixels = rgb.length / 3;
    // An odd step meets every column of tiles whose width is a power of two.
    int step = (pixels + MOST_PIXELS - 1) / MOST_PIXELS | 1;
    count = (pixels + step - 1) / step;
    densities = new float[3 * count];
    double[] brightest = new double[count];
    for (int i = 0; i < count; i++) {
      int at = 3 * i * step;
      for (int c = 0; c < 3; c++) {
        densities[3 * i + c] = OpticalDensity.of(rgb[at + c]);
      }
      brightest[i] =
          Math.min(densities[3 * i], Math.min(densities[3 * i + 1], densities[3 * i + 2]));
    }
    light = Math.min(DARKEST_LIGHT, (float) percentileOf(brightest, LIGHT_SHARE));
    for (int i = 0; i < densities.length; i++) {
      densities[i] -= light;
    }
  }

  /** Returns the number of pixels. */
  int count() {
    return count;
  }

  /**
   * Returns the density of the light, 0..0.7: that of each bright pixel's brightest channel, for
   * red passes eosin and blue passes haematoxylin, so that it shows in tissue without gaps too.
   */
  float light() {
    return light;
  }

  /** Returns a pixel's density above the light. */
  float density(int pixel, int channel) {
    return densities[3 * pixel + channel];
  }

  /**
   * Returns a percentile of a weighted sum of the channels.
   *
   * @param weights of red, green and blue
   * @param share of the pixels at or below it, 0..1
   */
  double percentile(double[] weights, double share) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          (float)
              (weights[0] * densities[3 * i]
                  + weights[1] * densities[3 * i + 1]
                  + weights[2] * densities[3 * i + 2]);
    }
    return percentileOf(values, share);
  }

  /** Returns a percentile of the values, whose order it changes. */
  static double percentileOf(double[] values, double share) {
    int place = (int) Math.round(share * (values.length - 1));
    Selection.select(values, place);
    return values[place];
  }
}
