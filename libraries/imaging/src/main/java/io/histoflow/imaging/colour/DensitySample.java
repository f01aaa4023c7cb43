package io.histoflow.imaging.colour;

import java.util.Arrays;
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

  /** Density above the light that every channel of a black pixel has. */
  private static final float BLACK = 1.4f;

  /** Channels of a black pixel differ in density by less: each stain lets one of them pass. */
  private static final float BLACK_HUE = 0.5f;

  /** Share of the pixels that must be left to speak for the tile. */
  private static final double LEAST_LEFT = 0.02;

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

  private DensitySample(float light, float[] densities) {
    this.light = light;
    this.densities = densities;
    count = densities.length / 3;
  }

  /**
   * Returns the sample without what is black rather than stained: ink, pigment, the edge of the
   * scan. Denser than any nucleus, it would make those of its tile look pale. Where hardly anything
   * else is there, the sample stays as it is.
   */
  DensitySample stained() {
    float[] left = new float[densities.length];
    int length = 0;
    for (int at = 0; at < densities.length; at += 3) {
      if (!isBlack(densities[at], densities[at + 1], densities[at + 2])) {
        System.arraycopy(densities, at, left, length, 3);
        length += 3;
      }
    }
    return length == densities.length || length < LEAST_LEFT * densities.length
        ? this
        : new DensitySample(light, Arrays.copyOf(left, length));
  }

  /** Tells a black pixel by its densities above the light. */
  static boolean isBlack(float red, float green, float blue) {
    float least = Math.min(red, Math.min(green, blue));
    float most = Math.max(red, Math.max(green, blue));
    return least > BLACK && most - least < BLACK_HUE;
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
