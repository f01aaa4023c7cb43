package io.histoflow.studies.thresholds;

import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.colour.OpticalDensity;
import io.histoflow.imaging.colour.StainMatrix;
import java.util.Locale;

/** What a tile shows of how it was made, without truth and without the name of its source. */
enum TileStyle {
  /** Mean optical density of the three channels. */
  DARKNESS,

  /** Mean amount of haematoxylin. */
  HAEMATOXYLIN,

  /** Mean amount of eosin. */
  EOSIN,

  /**
   * Logarithm of the mean length, in pixels, of the runs along rows that the network is sure of.
   */
  NUCLEUS_SIZE,

  /** Logarithm of the mean probability. */
  EXPECTED_SHARE,

  /** Logarithm of the area above the model's pooled threshold over that above one half. */
  SOFTNESS;

  private static final float SURE = 0.5f;

  /** So many pixels more of each area: a tile without a nucleus has a style, too. */
  private static final double FEW_PIXELS = 10;

  private static final double LOWEST_SHARE = 1e-3;

  /**
   * Returns the figure of a tile.
   *
   * @param probabilities (H, W), 0..1
   * @param pooled the model's pooled mask threshold, 0..1
   */
  double of(RgbImage tile, float[] probabilities, double pooled) {
    return switch (this) {
      case DARKNESS -> density(tile, od -> (od[0] + od[1] + od[2]) / 3);
      case HAEMATOXYLIN -> density(tile, od -> StainMatrix.HED.amounts(od)[0]);
      case EOSIN -> density(tile, od -> StainMatrix.HED.amounts(od)[1]);
      case NUCLEUS_SIZE ->
          Math.log((above(probabilities, SURE) + 1) / (runs(probabilities, tile.width()) + 1));
      case EXPECTED_SHARE -> Math.log(mean(probabilities) + LOWEST_SHARE);
      case SOFTNESS ->
          Math.log(
              (above(probabilities, pooled) + FEW_PIXELS)
                  / (above(probabilities, SURE) + FEW_PIXELS));
    };
  }

  /** Returns the name for tables. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private interface Density {
    double of(double[] densities);
  }

  private static double density(RgbImage tile, Density density) {
    byte[] rgb = tile.rgb();
    double[] od = new double[3];
    double sum = 0;
    for (int i = 0; i < rgb.length; i += 3) {
      for (int c = 0; c < 3; c++) {
        od[c] = OpticalDensity.of(rgb[i + c]);
      }
      sum += density.of(od);
    }
    return 3 * sum / rgb.length;
  }

  private static double above(float[] probabilities, double threshold) {
    int pixels = 0;
    for (float p : probabilities) {
      pixels += p > threshold ? 1 : 0;
    }
    return pixels;
  }

  private static double runs(float[] probabilities, int width) {
    int runs = 0;
    for (int i = 0; i < probabilities.length; i++) {
      boolean begins = i % width == 0 || probabilities[i - 1] <= SURE;
      runs += probabilities[i] > SURE && begins ? 1 : 0;
    }
    return runs;
  }

  private static double mean(float[] probabilities) {
    double sum = 0;
    for (float p : probabilities) {
      sum += p;
    }
    return sum / probabilities.length;
  }
}
