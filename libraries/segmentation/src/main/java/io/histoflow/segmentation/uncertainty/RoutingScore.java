package io.histoflow.segmentation.uncertainty;

import io.histoflow.imaging.RgbImage;
import java.util.Locale;

/**
 * A score by which tiles are routed to review: the higher, the more a pathologist should look at
 * the tile. Each is a pure function of the tile's pixels and probabilities and lies in 0..1; scores
 * of different names are on different scales.
 *
 * <p>Which of them finds misses is measured by the routing study ({@code
 * io.histoflow.segmentation.study}).
 */
public enum RoutingScore {
  /** Mean entropy over all pixels, bits. */
  MEAN_ENTROPY,

  /** Mean entropy of the most uncertain 1 % of the pixels, bits. */
  TAIL_ENTROPY,

  /** Mean over all pixels of entropy times probability, bits: the doubt in what may be positive. */
  POSITIVE_ENTROPY,

  /** Entropy inside the mask over the number of all pixels, bits; blind to a tile without mask. */
  MASK_ENTROPY,

  /** Entropy outside the mask over the number of all pixels, bits. */
  BACKGROUND_ENTROPY,

  /** Entropy more than 2 pixels away from the mask's boundary, over all pixels, bits. */
  INTERIOR_ENTROPY,

  /** One minus the soft Dice of mask and probabilities. */
  EXPECTED_DICE_LOSS,

  /** Expected share of all pixels that are missed: the probability outside the mask. */
  EXPECTED_MISSED_PIXELS,

  /**
   * The same with recalibrated probabilities; fitted on an earlier light model's held-out images.
   */
  RECALIBRATED_MISSED_PIXELS,

  /** Expected false-negative rate: the probability outside the mask over that everywhere. */
  EXPECTED_MISSED_SHARE,

  /** Expected share of all pixels that are false alarms. */
  EXPECTED_FALSE_ALARMS,

  /** Expected share of all pixels that are wrong, missed or false alarms. */
  EXPECTED_ERRORS,

  /** Share of pixels between a quarter of the mask threshold and the threshold. */
  NEAR_THRESHOLD,

  /** Probability in connected spots of 20 pixels or more that the mask leaves out altogether. */
  FAINT_BLOBS,

  /** Share of positive pixels: no doubt at all, only how much there is to miss. */
  POSITIVE_FRACTION,

  /** Mean probability: the expected share of positive pixels. */
  MEAN_PROBABILITY,

  /**
   * Share of all pixels outside the mask that hold nearly as much haematoxylin as the mean pixel
   * inside: what the network missed and is sure about, which no probability shows.
   */
  STAINED_OUTSIDE,

  /** The geometric mean of that and the positive entropy. */
  STAINED_DOUBT,

  /**
   * The geometric mean of the expected missed share, which counts twice, and the stain outside the
   * mask in excess of six tenths of what the mean pixel inside holds: misses that the network half
   * sees and misses that only the stain shows.
   */
  STAINED_MISSES;

  /**
   * The score that routes unless an operator says otherwise: of those that need no further pass of
   * the network the one that found most of what was missed in new patients of known organs, and
   * nearly most in an organ that the model had not seen. It does not go blind where the mask is
   * empty.
   */
  public static final RoutingScore DEFAULT = STAINED_MISSES;

  /** About a tenth of what tissue holds of nuclei, and about what a good model misses of them. */
  private static final double PRIOR_POSITIVE = 0.02;

  private static final double PRIOR_MISSED = 0.01;

  /** Fitted to pixels and truth of an earlier light model's held-out images. */
  private static final double PLATT_SLOPE = 0.6;

  private static final double PLATT_OFFSET = -0.79;

  /**
   * Returns the score of a tile, 0..1.
   *
   * @param tile the tile's pixels, (H, W, 3)
   * @param probabilities (H, W), 0..1
   * @param threshold a pixel is in the mask where its probability is above it, 0..1
   */
  public double of(RgbImage tile, float[] probabilities, double threshold) {
    float[] p = probabilities;
    double t = threshold;
    int width = tile.width();
    return switch (this) {
      case MEAN_ENTROPY -> Entropy.mean(p);
      case TAIL_ENTROPY -> Entropy.tail(p);
      case POSITIVE_ENTROPY -> Entropy.positive(p);
      case MASK_ENTROPY -> Entropy.mask(p, t);
      case BACKGROUND_ENTROPY -> Entropy.background(p, t);
      case INTERIOR_ENTROPY -> Entropy.awayFromBoundary(p, width, t, 2);
      case EXPECTED_DICE_LOSS -> ExpectedErrors.diceLoss(p, t);
      case EXPECTED_MISSED_PIXELS -> ExpectedErrors.missed(p, t);
      case RECALIBRATED_MISSED_PIXELS ->
          ExpectedErrors.missedRecalibrated(p, t, PLATT_SLOPE, PLATT_OFFSET);
      case EXPECTED_MISSED_SHARE -> ExpectedErrors.missedShare(p, t);
      case EXPECTED_FALSE_ALARMS -> ExpectedErrors.falseAlarms(p, t);
      case EXPECTED_ERRORS -> ExpectedErrors.all(p, t);
      case NEAR_THRESHOLD -> shareBetween(p, t / 4, t);
      case FAINT_BLOBS -> FaintBlobs.mass(p, width, t, 20);
      case POSITIVE_FRACTION -> shareBetween(p, t, 1);
      case MEAN_PROBABILITY -> mean(p);
      case STAINED_OUTSIDE -> StainOutsideMask.share(tile, p, t);
      case STAINED_MISSES ->
          Math.cbrt(square(missedShare(p, t)) * StainOutsideMask.excess(tile, p, t));
      case STAINED_DOUBT -> Math.sqrt(StainOutsideMask.share(tile, p, t) * Entropy.positive(p));
    };
  }

  /** Returns the name under which the score is published, for example {@code mean-entropy}. */
  public String publishedName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static double missedShare(float[] probabilities, double threshold) {
    return ExpectedErrors.missedShare(probabilities, threshold, PRIOR_POSITIVE, PRIOR_MISSED);
  }

  private static double square(double value) {
    return value * value;
  }

  private static double shareBetween(float[] probabilities, double above, double upTo) {
    int pixels = 0;
    for (float p : probabilities) {
      pixels += p > above && p <= upTo ? 1 : 0;
    }
    return (double) pixels / probabilities.length;
  }

  private static double mean(float[] probabilities) {
    double sum = 0;
    for (float p : probabilities) {
      sum += p;
    }
    return sum / probabilities.length;
  }
}
