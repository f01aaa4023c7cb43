package io.histoflow.segmentation.inference;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.resolution.Rescaling;
import io.histoflow.segmentation.uncertainty.EntropySummary;
import io.histoflow.segmentation.uncertainty.RoutingScore;

/** What the network says of one tile. */
public final class Segmentation {
  /** Levels of probability on either side of the threshold. */
  private static final int SIDE = 8;

  /** Grey values that a level is apart from the next: the last of 16 is white. */
  private static final int GREY = 17;

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

  /**
   * Returns the same but for pixels that are known not to be tissue: nothing is positive there, and
   * there is no doubt of it.
   *
   * @param foreign the pixels, of this tile's size
   */
  public Segmentation without(Mask foreign) {
    if (foreign.width() != width || foreign.height() != height) {
      throw new IllegalArgumentException(
          "%s is not of the tile of %d x %d pixels".formatted(foreign, width, height));
    }
    float[] rest = probabilities.clone();
    byte[] values = foreign.values();
    for (int i = 0; i < rest.length; i++) {
      if (values[i] != 0) {
        rest[i] = 0;
      }
    }
    return new Segmentation(width, height, rest, threshold, conditionedOn);
  }

  /**
   * Returns the same in the tile's own pixels, where the network saw it in those of its model.
   *
   * @param scale the way there that the tile went
   * @param ownWidth of the tile in its own pixels
   * @param ownHeight of the tile in its own pixels
   */
  public Segmentation back(Rescaling scale, int ownWidth, int ownHeight) {
    return new Segmentation(
        ownWidth,
        ownHeight,
        scale.back(probabilities, ownWidth, ownHeight),
        threshold,
        conditionedOn);
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

  /**
   * Returns the probabilities in 16 levels, each 17 values of grey from the next: 0 to 7 divide
   * what is not positive evenly, 8 to 15 what is. The mask at any of these levels can be had from
   * them, and at the eighth it is {@link #mask()}.
   */
  public GreyImage levels() {
    byte[] levels = new byte[probabilities.length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) (GREY * level(probabilities[i]));
    }
    return GreyImage.of(width, height, levels);
  }

  private int level(float probability) {
    if (probability > threshold) {
      double share = (probability - threshold) / (1 - threshold);
      return SIDE + Math.min(SIDE - 1, (int) (SIDE * share));
    }
    // A threshold of 0 leaves nothing between.
    return threshold > 0 ? Math.min(SIDE - 1, (int) (SIDE * probability / threshold)) : 0;
  }

  /** Returns the share of positive pixels, 0..1. */
  public double positiveFraction() {
    int positive = 0;
    for (float p : probabilities) {
      positive += p > threshold ? 1 : 0;
    }
    return (double) positive / probabilities.length;
  }

  /** Returns what is published of the tile's entropy; computed anew at each call. */
  public EntropySummary entropy() {
    return EntropySummary.of(probabilities, width);
  }

  /**
   * Returns one of the scores by which tiles are routed to review.
   *
   * @param tile the tile's pixels, as the network saw them
   */
  public double score(RoutingScore score, RgbImage tile) {
    if (tile.width() != width || tile.height() != height) {
      throw new IllegalArgumentException(
          "%s is not the tile of %d x %d pixels that was segmented".formatted(tile, width, height));
    }
    return score.of(tile, probabilities, threshold);
  }
}
