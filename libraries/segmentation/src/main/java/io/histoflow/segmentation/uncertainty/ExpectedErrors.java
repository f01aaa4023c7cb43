package io.histoflow.segmentation.uncertainty;

/**
 * How wrong a mask is to be expected, were each probability the truth's: a pixel outside the mask
 * is missed with probability p, one inside is a false alarm with 1 - p.
 *
 * <p>All take probabilities in 0..1 and the mask threshold; a pixel is in the mask where its
 * probability is above it. All lie in 0..1.
 */
final class ExpectedErrors {

  private ExpectedErrors() {}

  /** Expected missed pixels as a share of all pixels. */
  static double missed(float[] probabilities, double threshold) {
    double sum = 0;
    for (float p : probabilities) {
      sum += p > threshold ? 0 : p;
    }
    return sum / probabilities.length;
  }

  /**
   * Expected missed pixels as a share of all pixels, with the probability recalibrated first as
   * Platt (1999) does: sigmoid of slope times logit plus offset.
   */
  static double missedRecalibrated(
      float[] probabilities, double threshold, double slope, double offset) {
    double sum = 0;
    for (float p : probabilities) {
      if (p <= threshold && p > 0) {
        sum += 1 / (1 + Math.exp(-offset) * Math.pow((1.0 - p) / p, slope));
      }
    }
    return sum / probabilities.length;
  }

  /** Expected missed pixels as a share of the expected positive ones; 0 where none is expected. */
  static double missedShare(float[] probabilities, double threshold) {
    return missedShare(probabilities, threshold, 0, 0);
  }

  /**
   * The same as if some more pixels were expected to be positive and a few of them missed: a tile
   * on which the network sees next to nothing then says next to nothing, either.
   *
   * @param expected so many more positive pixels, as a share of all
   * @param missedOfThem the share of them that is missed
   */
  static double missedShare(
      float[] probabilities, double threshold, double expected, double missedOfThem) {
    double missed = expected * missedOfThem * probabilities.length;
    double positive = expected * probabilities.length;
    for (float p : probabilities) {
      missed += p > threshold ? 0 : p;
      positive += p;
    }
    return positive > 0 ? missed / positive : 0;
  }

  /** Expected false alarms as a share of all pixels. */
  static double falseAlarms(float[] probabilities, double threshold) {
    double sum = 0;
    for (float p : probabilities) {
      sum += p > threshold ? 1 - p : 0;
    }
    return sum / probabilities.length;
  }

  /** Expected wrong pixels of either kind as a share of all pixels. */
  static double all(float[] probabilities, double threshold) {
    double sum = 0;
    for (float p : probabilities) {
      sum += p > threshold ? 1 - p : p;
    }
    return sum / probabilities.length;
  }

  /**
   * One minus twice the probability in the mask over the probability everywhere plus the mask's
   * area: one minus the soft Dice; 0 where nothing is positive.
   */
  static double diceLoss(float[] probabilities, double threshold) {
    double shared = 0;
    double positive = 0;
    int area = 0;
    for (float p : probabilities) {
      positive += p;
      if (p > threshold) {
        shared += p;
        area++;
      }
    }
    return positive + area > 0 ? 1 - 2 * shared / (positive + area) : 0;
  }
}
