package io.histoflow.finetuning;

import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.WeightsVerifier;
import io.histoflow.weights.versions.VersionLedger;
import io.histoflow.weights.versions.VersionLedger.Judgement;
import io.histoflow.weights.versions.VersionLedger.Standing;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Headers;

/**
 * The weights in force and the versions in the archive, as their topics tell them. Of those in
 * force the record counts that stands last, verifies and is entitled to be; a tombstone goes back
 * to the weights as shipped.
 */
final class WeightsHistory {
  private final Checkpoint shipped;
  private final WeightsVerifier verifier;
  private final VersionLedger ledger;
  private final VersionNumbers numbers = new VersionNumbers();
  private final Set<Long> archived = new HashSet<>();
  private Checkpoint current;
  private Published pending;

  /**
   * Weights that were published to come into force.
   *
   * @param weights the weights
   * @param headers of their record
   */
  record Published(DecoderWeights weights, Headers headers) {}

  /**
   * @param shipped the weights before any were published
   * @param keys check signatures, where they are asked for
   */
  WeightsHistory(Checkpoint shipped, WeightsKeys keys) {
    this.shipped = shipped;
    this.current = shipped;
    this.verifier = new WeightsVerifier(shipped);
    this.ledger = new VersionLedger(shipped.modelId(), keys);
  }

  /**
   * Takes published weights in; they wait where what entitles them is not known yet.
   *
   * @throws WeightsRejectedException when they do not verify; what was in force stays, and so do
   *     others that wait
   */
  void apply(DecoderWeights weights, Headers headers) throws WeightsRejectedException {
    // Even a refused version is taken: its number is not given out again.
    numbers.use(weights.getVersion());
    Checkpoint verified = verifier.verify(weights);
    Judgement judged = ledger.judge(weights, headers);
    switch (judged.standing()) {
      case PROVEN -> {
        current = verified;
        pending = null;
      }
      case PENDING -> pending = new Published(weights, headers);
      case REFUSED -> throw new WeightsRejectedException(judged.why());
    }
  }

  /** Goes back to the weights as shipped. */
  void applyTombstone() {
    current = shipped;
    pending = null;
  }

  /**
   * Takes an entry of the archive in.
   *
   * @param key the record's key
   * @param weights the entry; null where it was withdrawn
   * @param headers of the record
   * @throws WeightsRejectedException when weights that waited for it turn out to be others
   */
  void applyArchived(String key, DecoderWeights weights, Headers headers)
      throws WeightsRejectedException {
    ledger.applyArchived(key, weights, headers);
    if (weights != null && weights.getModelId().equals(shipped.modelId())) {
      numbers.use(weights.getVersion());
      archived.add(weights.getVersion());
    }
    reconsider();
  }

  /** Takes a round in; weights may have waited for it. */
  void apply(DecoderDecision decision) throws WeightsRejectedException {
    ledger.apply(decision);
    if (decision.getAccepted() && decision.getCandidateVersion() != null) {
      numbers.use(decision.getCandidateVersion());
    }
    reconsider();
  }

  /** Takes in what a person did; weights may have waited for it. */
  void apply(WeightsChange change) throws WeightsRejectedException {
    ledger.apply(change);
    reconsider();
  }

  /** Returns the weights in force. */
  Checkpoint current() {
    return current;
  }

  /** Tells whether a version can be put in force: it is archived, or as shipped. */
  boolean isAvailable(long version) {
    return version == 0 || archived.contains(version);
  }

  /** Returns accepted weights that the archive lacks: from before there was one. */
  Optional<Published> notArchived() {
    return Optional.ofNullable(pending)
        .filter(published -> ledger.isAccepted(published.weights().getVersion()))
        .filter(published -> !archived.contains(published.weights().getVersion()));
  }

  /** Returns the version that the next accepted weights get. */
  long nextVersion() {
    return numbers.next();
  }

  private void reconsider() throws WeightsRejectedException {
    Published waiting = pending;
    if (waiting != null
        && ledger.judge(waiting.weights(), waiting.headers()).standing() != Standing.PENDING) {
      pending = null;
      apply(waiting.weights(), waiting.headers());
    }
  }
}
