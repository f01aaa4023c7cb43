package io.histoflow.finetuning;

import io.histoflow.schemas.SegmentationQuality;
import io.histoflow.segmentation.evaluation.Confusion;
import io.histoflow.segmentation.evaluation.MatchedComparison;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Decides whether a candidate may replace its parent. Recall comes first, and is compared at the
 * same precision, since a model that merely calls more pixels positive has a higher recall and has
 * learned nothing:
 *
 * <ol>
 *   <li>With fewer held-out corrections than the minimum, or without a positive pixel among them,
 *       nothing can be said and the candidate is refused.
 *   <li>The parent's precision at its own threshold is the operating point. The candidate is
 *       accepted where its recall at that precision is not below the parent's, and gets the
 *       threshold that leads there.
 *   <li>A parent no better than chance (it calls nothing positive, or is right no more often than
 *       the share of positive pixels) has no operating point worth matching. Then the average
 *       precision, which knows no threshold, must have risen, and the candidate gets the threshold
 *       of the highest Dice coefficient.
 * </ol>
 *
 * <p>That threshold counts where there are too few corrections for {@link Recalibration}. It is set
 * on the same tiles on which the gate judges: one number from thousands of pixels, so that this
 * flatters the candidate little, but not nothing.
 *
 * @param minHeldOut fewest held-out corrections that a decision may rest on, 1 or more
 */
record Gate(int minHeldOut) {

  /** Steps between the thresholds 0 and 1 that are tried for the highest Dice coefficient. */
  private static final int THRESHOLDS = 1000;

  Gate {
    if (minHeldOut < 1) {
      throw new IllegalArgumentException(
          "The gate needs at least 1 held-out correction, not " + minHeldOut);
    }
  }

  /**
   * What the gate says.
   *
   * @param accepted whether the candidate may be published
   * @param reason one sentence
   * @param threshold the mask threshold that the comparison gives the candidate, 0..1
   * @param before the parent at its own threshold
   * @param after the candidate at the parent's threshold, and its recall at the matched precision
   */
  record Ruling(
      boolean accepted,
      String reason,
      double threshold,
      SegmentationQuality before,
      SegmentationQuality after) {}

  /** Tells whether a decision could rest on so many held-out corrections. */
  boolean canJudge(int heldOut) {
    return heldOut >= minHeldOut;
  }

  /** Says why no decision can rest on so few held-out corrections. */
  String tooFew(int heldOut) {
    return String.format(
        Locale.ROOT,
        "Refused without training: %d held-out corrections are too few to judge a candidate, at"
            + " least %d are needed.",
        heldOut,
        minHeldOut);
  }

  /**
   * Judges a candidate.
   *
   * @param parent the parent on the held-out corrections
   * @param parentThreshold its mask threshold, above 0 and below 1
   * @param candidate the candidate on the same corrections
   */
  Ruling judge(Measurement parent, double parentThreshold, Measurement candidate) {
    MatchedComparison matched =
        MatchedComparison.of(parent.curve(), parentThreshold, candidate.curve());
    SegmentationQuality before =
        quality(parent, parentThreshold, matched.matchedPrecision(), matched.recallBefore());
    SegmentationQuality after =
        quality(candidate, parentThreshold, matched.matchedPrecision(), matched.recallAfter());
    if (!canJudge(parent.images())) {
      return new Ruling(false, tooFew(parent.images()), parentThreshold, before, after);
    }
    if (parent.curve().positivePixels() == 0) {
      return new Ruling(
          false,
          "Refused: none of the "
              + parent.images()
              + " held-out corrections has a positive pixel, so recall cannot be measured.",
          parentThreshold,
          before,
          after);
    }
    return isNoBetterThanChance(parent, parentThreshold)
        ? byAveragePrecision(parent, parentThreshold, candidate, before, after)
        : byMatchedRecall(parent, parentThreshold, matched, before, after);
  }

  private static boolean isNoBetterThanChance(Measurement parent, double threshold) {
    double precision = parent.curve().at(threshold).precision();
    double chance = (double) parent.curve().positivePixels() / parent.curve().pixels();
    return !(precision > chance);
  }

  private static Ruling byMatchedRecall(
      Measurement parent,
      double parentThreshold,
      MatchedComparison matched,
      SegmentationQuality before,
      SegmentationQuality after) {
    boolean isReached = !Double.isNaN(matched.thresholdAfter());
    boolean accepted = isReached && matched.recallAfter() >= matched.recallBefore();
    String reason =
        String.format(
            Locale.ROOT,
            "%s: at precision %.4f recall %s from %.4f to %.4f on %d held-out corrections.",
            accepted ? "Accepted" : "Refused",
            matched.matchedPrecision(),
            direction(matched.recallBefore(), matched.recallAfter()),
            matched.recallBefore(),
            matched.recallAfter(),
            parent.images());
    return new Ruling(
        accepted, reason, accepted ? matched.thresholdAfter() : parentThreshold, before, after);
  }

  private static Ruling byAveragePrecision(
      Measurement parent,
      double parentThreshold,
      Measurement candidate,
      SegmentationQuality before,
      SegmentationQuality after) {
    double old = parent.curve().averagePrecision();
    double now = candidate.curve().averagePrecision();
    boolean accepted = now > old;
    String reason =
        String.format(
            Locale.ROOT,
            "%s: the parent is no better than chance at its threshold, so there is no operating"
                + " point to match; average precision %s from %.4f to %.4f on %d held-out"
                + " corrections.",
            accepted ? "Accepted" : "Refused",
            direction(old, now),
            old,
            now,
            parent.images());
    return new Ruling(
        accepted,
        reason,
        accepted ? thresholdOfHighestDice(candidate) : parentThreshold,
        before,
        after);
  }

  private static double thresholdOfHighestDice(Measurement measurement) {
    return IntStream.range(1, THRESHOLDS)
        .mapToObj(step -> (double) step / THRESHOLDS)
        .max(Comparator.comparingDouble(threshold -> measurement.curve().at(threshold).dice()))
        .orElseThrow();
  }

  private static String direction(double before, double after) {
    if (after == before) {
      return "stayed";
    }
    return after > before ? "rose" : "fell";
  }

  private static SegmentationQuality quality(
      Measurement measurement, double threshold, double matchedPrecision, double matchedRecall) {
    Confusion confusion = measurement.curve().at(threshold);
    return SegmentationQuality.newBuilder()
        .setImages(measurement.images())
        .setThreshold(threshold)
        .setRecall(defined(confusion.recall()))
        .setPrecision(defined(confusion.precision()))
        .setDice(defined(confusion.dice()))
        .setIou(defined(confusion.iou()))
        .setMatchedPrecision(defined(matchedPrecision))
        .setRecallAtMatchedPrecision(defined(matchedRecall))
        .setAveragePrecision(defined(measurement.curve().averagePrecision()))
        .build();
  }

  private static Double defined(double ratio) {
    return Double.isNaN(ratio) ? null : ratio;
  }
}
