package io.histoflow.studies.corrections;

/**
 * One simulated round of corrections: what the model reached before and after on tiles that were
 * not corrected. Recall is compared at the precision that the model had before, over all pixels.
 *
 * @param half which half of the patients was corrected, 1 or 2
 * @param seed of the round
 * @param choice how the corrected tiles were chosen
 * @param corrected number of corrected tiles
 * @param matchedPrecision at which recalls are compared, 0..1
 * @param recallBefore 0..1
 * @param recallAfter 0..1
 * @param averagePrecisionBefore 0..1
 * @param averagePrecisionAfter 0..1
 * @param knownBefore average precision on images of organs that the model knew, 0..1; NaN without
 * @param knownAfter the same after the round
 */
public record CorrectionRound(
    int half,
    int seed,
    Choice choice,
    int corrected,
    double matchedPrecision,
    double recallBefore,
    double recallAfter,
    double averagePrecisionBefore,
    double averagePrecisionAfter,
    double knownBefore,
    double knownAfter) {

  /** How the corrected tiles are chosen. */
  public enum Choice {
    /** The most uncertain ones. */
    UNCERTAIN,
    /** As many, the same share of each image: its most uncertain ones. */
    STRATIFIED,
    /** As many, half of them the most uncertain ones and half at random of the others. */
    MIXED,
    /** As many at random. */
    RANDOM
  }

  /** Returns what recall won, relative to what it was. */
  public double relativeGain() {
    return recallAfter / recallBefore - 1;
  }

  /** Returns what average precision won. */
  public double averagePrecisionGain() {
    return averagePrecisionAfter - averagePrecisionBefore;
  }

  /** Returns what average precision won, below 0 where it lost, on organs that were known. */
  public double knownGain() {
    return knownAfter - knownBefore;
  }
}
