package io.histoflow.segmentation.inference;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.Mask;
import io.histoflow.segmentation.uncertainty.Entropy;
import io.histoflow.segmentation.uncertainty.RoutingScore;

/** What the network says of one tile. */
public final class Segmentation {

  /** Side in pixels of the block that one pixel of the entropy map stands for. */
  public static final int ENTROPY_BLOCK = 4;

  private final int width;
  private final int height;
  private final float[] probabilities;
  private final double threshold;
  private final String conditionedOn;

  /**
   * Wraps the network's probabilities without copying them.
   *
   * @param probabilities height x width values in 0..1
   * @param threshold probability above which a pixel is positive, 0..1
   * @param conditionedOn organ whose embedding conditioned the network
   */
  public Segmentation(
      int width, int height, float[] probabilities, double threshold, String conditionedOn) {
    if (probabilities.length != width * height) {
      throw new IllegalArgumentException(
          "%d x %d pixels need as many probabilities, not %d"
              .formatted(width, height, probabilities.length));
    }
    this.width = width;
    this.height = height;
    this.probabilities = probabilities;
    this.threshold = threshold;
    this.conditionedOn = conditionedOn;
  }

  /**
   * Returns what is said of a tile that the network need not see: nothing positive, and no doubt.
   *
   * @param threshold probability above which a pixel would be positive, 0..1
   * @param conditionedOn organ whose embedding would condition the network
   */
  public static Segmentation nothing(
      int width, int height, double threshold, String conditionedOn) {
    return new Segmentation(width, height, new float[width * height], threshold, conditionedOn);
  }

  /** Returns the tile's width in pixels. */
  public int width() {
    return width;
  }

  /** Returns the tile's height in pixels. */
  public int height() {
    return height;
  }

  /** Returns height x width probabilities in 0..1: a view that nobody may change. */
  public float[] probabilities() {
    return probabilities;
  }

  /** Returns the probability above which a pixel is positive. */
  public double threshold() {
    return threshold;
  }

  /** Returns the organ whose embedding conditioned the network; unknown where it had none. */
  public String conditionedOn() {
    return conditionedOn;
  }

  /** Returns the pixels whose probability is above the threshold. */
  public Mask mask() {
    byte[] positive = new byte[probabilities.length];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = (byte) (probabilities[i] > threshold ? 1 : 0);
    }
    return Mask.of(width, height, positive);
  }

  /** Returns the share of positive pixels, 0..1. */
  public double positiveFraction() {
    int positive = 0;
    for (float p : probabilities) {
      positive += p > threshold ? 1 : 0;
    }
    return (double) positive / probabilities.length;
  }

  /** Returns the mean entropy over all pixels, bits per pixel, 0..1. */
  public double meanEntropy() {
    return Entropy.mean(probabilities);
  }

  /** Returns the mean entropy of the most uncertain 1 % of the pixels, bits per pixel, 0..1. */
  public double tailEntropy() {
    return Entropy.tail(probabilities);
  }

  /** Returns one of the scores by which tiles are routed to review. */
  public double score(RoutingScore score) {
    return score.of(probabilities, width, threshold);
  }

  /**
   * Returns ceil(width / 4) x ceil(height / 4) pixels, each the mean entropy of its 4x4 block (of
   * what lies inside the tile), 0..255 for 0..1 bit.
   */
  public GreyImage entropyMap() {
    int w = (width + ENTROPY_BLOCK - 1) / ENTROPY_BLOCK;
    int h = (height + ENTROPY_BLOCK - 1) / ENTROPY_BLOCK;
    double[] sums = new double[w * h];
    int[] counts = new int[w * h];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int block = y / ENTROPY_BLOCK * w + x / ENTROPY_BLOCK;
        sums[block] += Entropy.bits(probabilities[y * width + x]);
        counts[block]++;
      }
    }
    byte[] grey = new byte[w * h];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = (byte) Math.round(255 * sums[i] / counts[i]);
    }
    return GreyImage.of(w, h, grey);
  }
}
