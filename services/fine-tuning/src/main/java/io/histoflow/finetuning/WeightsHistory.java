package io.histoflow.finetuning;

import io.histoflow.schemas.DecoderWeights;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.WeightsVerifier;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The weights in force and the versions in the archive, as their topics tell them. Of those in
 * force the record that stands last and verifies counts; a tombstone goes back to the weights as
 * shipped.
 */
final class WeightsHistory {
  private final Checkpoint shipped;
  private final WeightsVerifier verifier;
  private final Set<Long> archived = new HashSet<>();
  private Checkpoint current;
  private DecoderWeights published;
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
    published = archived.contains(weights.getVersion()) ? null : weights;
  }

  /** Goes back to the weights as shipped. */
  void applyTombstone() {
    current = shipped;
    published = null;
  }

  /** Takes in that a version is archived. */
  void applyArchived(long version) {
    highestVersion = Math.max(highestVersion, version);
    archived.add(version);
    if (published != null && published.getVersion() == version) {
      published = null;
    }
  }

  /** Returns the weights in force. */
  Checkpoint current() {
    return current;
  }

  /** Returns the weights in force where they are not archived: from before there was an archive. */
  Optional<DecoderWeights> notArchived() {
    return Optional.ofNullable(published);
  }

  /** Returns the highest version seen; 0 where none was published. */
  long highestVersion() {
    return highestVersion;
  }
}
