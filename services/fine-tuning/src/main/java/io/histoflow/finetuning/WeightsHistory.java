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
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.header.Headers;

/**
 * The weights in force and the versions in the archive, as their topics tell them. Of those in
 * force the record counts that stands last, verifies and is entitled to be; a tombstone goes back
 * to the weights as shipped.
 */
final class WeightsHistory {
  /** Offset of a record that was published just now: it stands behind all that were read. */
  static final long JUST_NOW = Long.MAX_VALUE;

  private static final long NOWHERE = -1;

  private final Checkpoint shipped;
  private final InstantSource clock;
  private final WeightsVerifier verifier;
  private final VersionLedger ledger;
  private final VersionNumbers numbers = new VersionNumbers();
  private final Set<Long> archived = new HashSet<>();
  private Checkpoint current;
  private boolean isKnown;
  private Waiting pending;
  private long spoiledAt = NOWHERE;

  /** Weights that are not proven yet, with their record's offset and the time they were read. */
  private record Waiting(DecoderWeights weights, Headers headers, long offset, Instant since) {}

  /**
   * @param shipped the weights before any were published
   */
  WeightsHistory(Checkpoint shipped, WeightsKeys keys, InstantSource clock) {
    this.clock = clock;
    this.shipped = shipped;
    this.current = shipped;
    this.verifier = new WeightsVerifier(shipped);
    this.ledger = new VersionLedger(shipped.modelId(), keys);
  }

  /**
   * Takes published weights in; they wait where what entitles them is not known yet.
   *
   * @param offset of their record
   * @throws WeightsRejectedException when they do not verify; what was in force stays, and so do
   *     others that wait
   */
  void apply(DecoderWeights weights, Headers headers, long offset) throws WeightsRejectedException {
    // Even a refused version is taken: its number is not given out again.
    numbers.use(weights.getVersion());
    try {
      Checkpoint verified = verifier.verify(weights);
      Judgement judged = ledger.judge(weights, headers);
      switch (judged.standing()) {
        case PROVEN -> putInForce(verified, offset);
        case PENDING -> pending = new Waiting(weights, headers, offset, clock.instant());
        case REFUSED -> throw new WeightsRejectedException(judged.why());
      }
    } catch (WeightsRejectedException e) {
      spoil(offset);
      throw e;
    }
  }

  /** Goes back to the weights as shipped. */
  void applyTombstone(long offset) {
    putInForce(shipped, offset);
  }

  /** Notes a record in the place of weights that comes into force nowhere. */
  void spoil(long offset) {
    spoiledAt = Math.max(spoiledAt, offset);
  }

  /**
   * Returns the offset of the record that stands last on the topic of weights, where it comes into
   * force nowhere: compaction leaves it alone there, and who starts then finds no weights in force.
   * Empty as long as others wait whose proof may still come.
   */
  OptionalLong spoiledAt() {
    long last = spoiledAt;
    if (pending != null) {
      if (pending.since().plus(VersionLedger.PROOF_WAIT).isAfter(clock.instant())) {
        return OptionalLong.empty();
      }
      last = Math.max(spoiledAt, pending.offset());
    }
    return last == NOWHERE ? OptionalLong.empty() : OptionalLong.of(last);
  }

  /** Returns the version that ought to stand last on the topic of weights; 0 = as shipped. */
  long versionInForce() {
    return isKnown ? current.version() : ledger.lastPutInForce();
  }

  /**
   * Refuses archived weights that may not come into force.
   *
   * @throws WeightsRejectedException when they do not verify or are not entitled to; says why
   */
  void requireProven(DecoderWeights archived, Headers headers) throws WeightsRejectedException {
    var unused = verifier.verify(archived);
    Judgement judged = ledger.judge(archived, headers);
    if (judged.standing() != Standing.PROVEN) {
      throw new WeightsRejectedException(judged.why());
    }
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

  /** Returns the version that the next accepted weights get. */
  long nextVersion() {
    return numbers.next();
  }

  private void reconsider() throws WeightsRejectedException {
    Waiting waiting = pending;
    if (waiting == null) {
      return;
    }
    if (ledger.judge(waiting.weights(), waiting.headers()).standing() != Standing.PENDING) {
      pending = null;
      apply(waiting.weights(), waiting.headers(), waiting.offset());
    }
  }

  private void putInForce(Checkpoint weights, long offset) {
    current = weights;
    isKnown = true;
    pending = null;
    if (offset > spoiledAt) {
      spoiledAt = NOWHERE;
    }
  }
}
