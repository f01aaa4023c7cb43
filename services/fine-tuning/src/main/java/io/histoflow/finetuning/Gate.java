package io.histoflow.finetuning;

import io.histoflow.evaluation.Confusion;
import io.histoflow.evaluation.MatchedChange;
import io.histoflow.evaluation.MatchedComparison;
import io.histoflow.schemas.RecallChange;
import io.histoflow.schemas.SegmentationQuality;
import java.util.Locale;
import java.util.Optional;

/**
 * Decides whether a candidate may replace its parent. Recall comes first, and is compared at the
 * same precision ({@link Comparison}):
 *
 * <ol>
 *   <li>With fewer held-out corrections than the minimum, or without a positive pixel among them,
 *       nothing can be said and the candidate is refused.
 *   <li>On the held-out corrections its recall at the parent's precision must be above the
 *       parent's: probabilities that are merely shifted find no more. And the interval of the
 *       change must not reach further down than the margin: where a few tiles say "better" and
 *       chance could say "much worse", the parent stays.
 *   <li>A parent no better than chance has no operating point worth matching. Then the average
 *       precision, which knows no threshold, must have risen.
 *   <li>On the guard set recall at the parent's precision must not have fallen by more than the
 *       tolerance, nor by more than that in all rounds together, beside the weights that shipped. A
 *       parent no better than chance there has nothing to lose, and the rule is waived.
 * </ol>
 *
 * @param minHeldOut fewest held-out corrections that a decision may rest on, 1 or more
 * @param margin how far below zero the interval of the change may reach, 0..1
 * @param guardTolerance how much recall may be lost on the guard set, 0..1
 */
record Gate(int minHeldOut, double margin, double guardTolerance) {

  Gate {
    if (minHeldOut < 1) {
      throw new IllegalArgumentException(
          "The gate needs at least 1 held-out correction, not " + minHeldOut);
    }
    if (!(margin >= 0 && margin <= 1) || !(guardTolerance >= 0 && guardTolerance <= 1)) {
      throw new IllegalArgumentException(
          "The gate's margin and guard tolerance must be in 0..1, not %s and %s"
              .formatted(margin, guardTolerance));
    }
  }

  /**
   * What the gate says.
   *
   * @param accepted whether the candidate may be published
   * @param reason why, in a sentence or two
   * @param before the parent on the held-out corrections, at its own threshold
   * @param after the candidate on them, at its own threshold
   * @param change of recall on the held-out corrections at the parent's precision
   * @param guardChange the same on the guard set
   */
  record Ruling(
      boolean accepted,
      String reason,
      SegmentationQuality before,
      SegmentationQuality after,
      RecallChange change,
      RecallChange guardChange) {}

  /** A rule's answer. */
  private record Verdict(boolean passes, String reason) {}

  /** Tells whether a decision could rest on so many held-out corrections. */
  boolean canJudge(int heldOut) {
    return heldOut >= minHeldOut;
  }

  /** Says why no decision can rest on so few held-out corrections. */
  String tooFew(int heldOut) {
    return String.format(
        Locale.ROOT,
        "%d held-out corrections are too few to judge a candidate, at least %d are needed.",
        heldOut,
        minHeldOut);
  }

  /**
   * Judges a candidate.
   *
   * @param heldOut parent and candidate on the held-out corrections
   * @param candidateThreshold the mask threshold that the candidate will be published with, 0..1
   * @param guard the candidate on the guard set
   */
  Ruling judge(Comparison heldOut, double candidateThreshold, GuardComparison guard) {
    MatchedChange change = heldOut.change();
    MatchedChange guardChange = guard.withParent().change();
    Verdict learned = onHeldOut(heldOut, change);
    Verdict kept = onGuard(guard, guardChange);
    boolean accepted = learned.passes() && kept.passes();
    MatchedComparison matched = heldOut.matched();
    return new Ruling(
        accepted,
        "%s: %s %s"
            .formatted(accepted ? "Accepted" : "Refused", learned.reason(), kept.reason())
            .trim(),
        quality(
            heldOut.parent(),
            heldOut.parentThreshold(),
            matched.matchedPrecision(),
            matched.recallBefore()),
        quality(
            heldOut.candidate(),
            candidateThreshold,
            matched.matchedPrecision(),
            matched.recallAfter()),
        published(change, heldOut.images()),
        published(guardChange, guard.withParent().images()));
  }

  private Verdict onHeldOut(Comparison heldOut, MatchedChange change) {
    if (!canJudge(heldOut.images())) {
      return new Verdict(false, tooFew(heldOut.images()));
    }
    if (!heldOut.hasPositivePixels()) {
      return new Verdict(
          false,
          "none of the "
              + heldOut.images()
              + " held-out corrections has a positive pixel, so recall cannot be measured.");
    }
    return heldOut.parentIsNoBetterThanChance()
        ? byAveragePrecision(heldOut)
        : byMatchedRecall(heldOut, change);
  }

  private Verdict byMatchedRecall(Comparison heldOut, MatchedChange change) {
    MatchedComparison matched = heldOut.matched();
    boolean isReached = !Double.isNaN(matched.thresholdAfter());
    boolean isBetter = isReached && change.change() > 0;
    boolean isSure = change.low() >= -margin;
    return new Verdict(
        isBetter && isSure,
        String.format(
            Locale.ROOT,
            "at precision %.4f recall %s on %d held-out corrections (95 %%"
                + " interval of the change %+.4f to %+.4f%s).",
            matched.matchedPrecision(),
            moved(matched.recallBefore(), matched.recallAfter()),
            heldOut.images(),
            change.low(),
            change.high(),
            isBetter && !isSure
                ? String.format(Locale.ROOT, ", which may be below -%s", margin)
                : ""));
  }

  private static Verdict byAveragePrecision(Comparison heldOut) {
    double old = heldOut.parent().curve().averagePrecision();
    double now = heldOut.candidate().curve().averagePrecision();
    return new Verdict(
        now > old,
        String.format(
            Locale.ROOT,
            "the parent is no better than chance at its threshold, so there is no operating point"
                + " to match; average precision %s on %d held-out corrections.",
            moved(old, now),
            heldOut.images()));
  }

  private Verdict onGuard(GuardComparison guard, MatchedChange change) {
    Comparison withParent = guard.withParent();
    if (guardsNothing(withParent)) {
      return new Verdict(
          true,
          "On the guard set (%s) the parent is no better than chance, so it guards nothing."
              .formatted(guard.about()));
    }
    Verdict now = kept(withParent, change);
    String reason = "On the guard set (%s) recall ".formatted(guard.about()) + now.reason();
    Optional<Verdict> altogether =
        guard
            .withShipped()
            .filter(shipped -> !guardsNothing(shipped))
            .map(shipped -> kept(shipped, shipped.change()));
    return new Verdict(
        now.passes() && altogether.map(Verdict::passes).orElse(true),
        reason
            + altogether
                .map(all -> "; beside the weights that shipped it " + all.reason())
                .orElse("")
            + ".");
  }

  private static boolean guardsNothing(Comparison guard) {
    return !guard.hasPositivePixels() || guard.parentIsNoBetterThanChance();
  }

  private Verdict kept(Comparison guard, MatchedChange change) {
    MatchedComparison matched = guard.matched();
    boolean passes = change.change() >= -guardTolerance;
    return new Verdict(
        passes,
        String.format(
            Locale.ROOT,
            "at precision %.4f %s%s",
            matched.matchedPrecision(),
            moved(matched.recallBefore(), matched.recallAfter()),
            passes
                ? ""
                : String.format(Locale.ROOT, ", more than the %s allowed", guardTolerance)));
  }

  private static RecallChange published(MatchedChange change, int tiles) {
    return RecallChange.newBuilder()
        .setTiles(tiles)
        .setChange(defined(change.change()))
        .setLow(defined(change.low()))
        .setHigh(defined(change.high()))
        .build();
  }

  private static String moved(double before, double after) {
    return after == before
        ? String.format(Locale.ROOT, "stayed at %.4f", before)
        : String.format(
            Locale.ROOT, "%s from %.4f to %.4f", after > before ? "rose" : "fell", before, after);
  }

  /** Returns a measurement at a threshold, as it is published. */
  static SegmentationQuality quality(
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
