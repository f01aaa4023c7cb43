package io.histoflow.finetuning;

import io.histoflow.evaluation.Confusion;
import io.histoflow.evaluation.MatchedChange;
import io.histoflow.evaluation.MatchedComparison;
import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.evaluation.calibration.CalibrationUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Parent and candidate on the same tiles, compared at the precision that the parent has at its own
 * threshold: a model that merely calls more pixels positive has a higher recall and has learned
 * nothing.
 *
 * @param parent the weights in force
 * @param parentThreshold their mask threshold, above 0 and below 1
 * @param candidate the weights that may replace them
 */
record Comparison(Measurement parent, double parentThreshold, Measurement candidate) {

  /** The interval of the same tiles is always the same. */
  private static final long SEED = 1;

  /** Returns the number of tiles. */
  int images() {
    return parent.images();
  }

  /** Tells whether there is anything in the tiles that can be missed. */
  boolean hasPositivePixels() {
    return parent.curve().positivePixels() > 0;
  }

  /** Returns both models' recall at the parent's precision. */
  MatchedComparison matched() {
    return MatchedComparison.of(parent.curve(), parentThreshold, candidate.curve());
  }

  /** Returns the change of that recall with its interval over tiles. */
  MatchedChange change() {
    return MatchedChange.of(curves(parent), parentThreshold, curves(candidate), SEED);
  }

  /**
   * Tells whether the parent calls nothing positive, or is right no more often than the share of
   * positive pixels: then it has no operating point worth matching.
   */
  boolean parentIsNoBetterThanChance() {
    Confusion confusion = parent.curve().at(parentThreshold);
    double chance = (double) parent.curve().positivePixels() / parent.curve().pixels();
    return !(confusion.precision() > chance);
  }

  /**
   * Returns the candidate's threshold at the operating point that is compared: that of the parent's
   * precision; that of the highest Dice coefficient where the parent has none worth matching; the
   * parent's own where the candidate never gets there.
   */
  double candidateThreshold() {
    if (parentIsNoBetterThanChance()) {
      return IntStream.range(1, PrecisionRecallCurve.STEPS)
          .mapToObj(step -> (double) step / PrecisionRecallCurve.STEPS)
          .max(Comparator.comparingDouble(threshold -> candidate.curve().at(threshold).dice()))
          .orElseThrow();
    }
    double threshold = matched().thresholdAfter();
    return Double.isNaN(threshold) ? parentThreshold : threshold;
  }

  private static List<PrecisionRecallCurve> curves(Measurement measurement) {
    return measurement.tiles().stream().map(CalibrationUnit::curve).toList();
  }
}
