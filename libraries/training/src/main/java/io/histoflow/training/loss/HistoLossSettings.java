package io.histoflow.training.loss;

/**
 * Weights of {@link HistoLoss}; all finite and 0 or more.
 *
 * @param bceWeight weight of the mask's binary cross-entropy
 * @param tverskyWeight weight of the Tversky loss
 * @param falseNegativeWeight what a missed pixel counts in Tversky
 * @param falsePositiveWeight what a false alarm counts in Tversky
 * @param edgeWeight weight of the edges' binary cross-entropy
 * @param smoothing added to numerator and denominator of Tversky, in pixels, above 0
 */
public record HistoLossSettings(
    float bceWeight,
    float tverskyWeight,
    float falseNegativeWeight,
    float falsePositiveWeight,
    float edgeWeight,
    float smoothing) {

  /** Checks every field. */
  public HistoLossSettings {
    for (float weight :
        new float[] {
          bceWeight, tverskyWeight, falseNegativeWeight, falsePositiveWeight, edgeWeight, smoothing
        }) {
      if (!(weight >= 0 && weight <= Float.MAX_VALUE)) {
        throw new IllegalArgumentException("a weight of the loss must be 0 or more, not " + weight);
      }
    }
    if (smoothing == 0) {
      throw new IllegalArgumentException("the smoothing of Tversky must be above 0");
    }
  }

  /** Returns the paper's best: BCE 0.3, Tversky 0.7 with misses 0.7 and false alarms 0.3. */
  public static HistoLossSettings paper() {
    return new HistoLossSettings(0.3f, 0.7f, 0.7f, 0.3f, 0.3f, 1f);
  }

  /**
   * Returns the same with BCE and Tversky in other shares, of weight 1 together.
   *
   * @param bce share of BCE, 0..1
   */
  public HistoLossSettings withBceShare(float bce) {
    if (!(bce >= 0 && bce <= 1)) {
      throw new IllegalArgumentException("the share of BCE must be in 0..1, not " + bce);
    }
    return new HistoLossSettings(
        bce, 1 - bce, falseNegativeWeight, falsePositiveWeight, edgeWeight, smoothing);
  }
}
