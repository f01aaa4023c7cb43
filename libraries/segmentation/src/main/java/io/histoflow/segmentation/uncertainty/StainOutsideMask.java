package io.histoflow.segmentation.uncertainty;

import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.colour.DensityChannel;
import java.util.function.DoubleUnaryOperator;

/**
 * Misses that the network is sure about leave no doubt in its probabilities, but a trace in the
 * stain: tissue outside the mask that holds about as much haematoxylin as tissue inside.
 */
final class StainOutsideMask {

  /** Against single dark pixels: means over 7 x 7 pixels. */
  private static final int RADIUS = 3;

  private static final double NEARLY = 0.9;

  /** What tissue between nuclei holds of their stain without being one. */
  private static final double UNSUSPICIOUS = 0.6;

  /**
   * Two thirds of what a tile's densest pixels hold; for tiles with next to no mask to compare
   * with.
   */
  private static final double USUAL_INSIDE = 128;

  private static final int FEWEST_INSIDE = 50;

  private StainOutsideMask() {}

  /**
   * Returns the share of all pixels that lie outside the mask, but whose 7 x 7 pixels hold on
   * average nine tenths of the haematoxylin of the mean pixel inside, 0..1.
   *
   * @param tile (H, W, 3)
   * @param probabilities (H, W), 0..1
   * @param threshold a pixel is in the mask where its probability is above it
   */
  static double share(RgbImage tile, float[] probabilities, double threshold) {
    return mean(tile, probabilities, threshold, stain -> stain > NEARLY ? 1 : 0);
  }

  /**
   * Returns by how much what the 7 x 7 pixels around a pixel outside the mask hold on average
   * exceeds six tenths of the haematoxylin of the mean pixel inside, as a share of that, 1 at most;
   * mean over all pixels, those of the mask being 0: 0..1.
   *
   * @param tile (H, W, 3)
   * @param probabilities (H, W), 0..1
   * @param threshold a pixel is in the mask where its probability is above it
   */
  static double excess(RgbImage tile, float[] probabilities, double threshold) {
    return mean(
        tile, probabilities, threshold, stain -> Math.max(0, Math.min(1, stain - UNSUSPICIOUS)));
  }

  /** Mean over all pixels of what is made of the stain of those outside, in means inside. */
  private static double mean(
      RgbImage tile, float[] probabilities, double threshold, DoubleUnaryOperator ofStain) {
    byte[] stain = DensityChannel.HAEMATOXYLIN.of(tile.rgb());
    double inside = inside(stain, probabilities, threshold);
    BoxSums sums = new BoxSums(stain, tile.width(), RADIUS);
    double sum = 0;
    for (int y = 0; y < tile.height(); y++) {
      sums.enterRow(y);
      for (int x = 0; x < tile.width(); x++) {
        if (probabilities[y * tile.width() + x] <= threshold) {
          sum += ofStain.applyAsDouble(sums.at(x) / (inside * sums.pixels(x)));
        }
      }
    }
    return sum / probabilities.length;
  }

  private static double inside(byte[] stain, float[] probabilities, double threshold) {
    long sum = 0;
    int pixels = 0;
    for (int i = 0; i < probabilities.length; i++) {
      if (probabilities[i] > threshold) {
        sum += stain[i] & 0xff;
        pixels++;
      }
    }
    return pixels > FEWEST_INSIDE ? Math.max(1, (double) sum / pixels) : USUAL_INSIDE;
  }
}
