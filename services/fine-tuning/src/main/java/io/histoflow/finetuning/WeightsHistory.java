package io.histoflow.finetuning;

import io.histoflow.schemas.DecoderWeights;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.WeightsVerifier;

/**
 * The weights in force, as their topic tells them: the record that stands last and verifies counts,
 * a tombstone goes back to the weights as shipped.
 */
final class WeightsHistory {
  private final Checkpoint shipped;
  private final WeightsVerifier verifier;
  private Checkpoint current;
  private long highestVersion;

  /**
   * @param shipped the weights before any were published
   */
  WeightsHistory(Checkpoint shipped) {
    this.shipped = shipped;
    this.current = shipped;
    this.verifier = new WeightsVerifier(shipped);
  }

  /**
   * Takes published weights in.
   *
   * @throws WeightsRejectedException when they do not verify; what was in force stays
   */
  void apply(DecoderWeights weights) throws WeightsRejectedException {
    // Even a refused version is taken: its number is not given out again.
    highestVersion = Math.max(highestVersion, weights.getVersion());
    current = verifier.verify(weights);
  }

  /** Goes back to the weights as shipped. */
  void applyTombstone() {
    current = shipped;
  }

  /** Returns the weights in force. */
  Checkpoint current() {
    return current;
  }

  /** Returns the highest version seen; 0 where none was published. */
  long highestVersion() {
    return highestVersion;
  }
}
