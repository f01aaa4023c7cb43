package io.histoflow.weights.versions;

import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.schemas.WeightsChangeKind;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.WeightsStatement;
import io.histoflow.weights.WeightsVerifier;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Headers;

/**
 * What entitles weights of one model to come into force, as the topics beside theirs tell it: an
 * entry in the archive that is the same weights, and a decision that accepted their version or a
 * person who chose it. Safe for use by several threads.
 *
 * <p>These stand in the same transaction as the weights or in an earlier one, yet a reader of
 * several topics may see the weights first: what is not proven now may be so a moment later.
 */
public final class VersionLedger {
  /**
   * As long as published weights wait for what entitles them; the transaction that brings both is
   * committed on all its topics long before.
   */
  public static final Duration PROOF_WAIT = Duration.ofSeconds(20);

  private final String modelId;
  private final WeightsKeys keys;
  private final Map<Long, Entry> archived = new HashMap<>();
  private final Set<Long> accepted = new HashSet<>();
  private final Set<Long> chosen = new HashSet<>();
  // When each version was put in force last, 0 being as shipped; the latest read at the end.
  private final Map<Long, Instant> putInForce = new LinkedHashMap<>();

  /** Starts an empty ledger of a model; records of others are passed over. */
  public VersionLedger(String modelId, WeightsKeys keys) {
    this.modelId = Objects.requireNonNull(modelId, "modelId");
    this.keys = Objects.requireNonNull(keys, "keys");
  }

  /**
   * An entry of the archive.
   *
   * @param hash the SHA-256 of the weights' statement
   * @param signed whether it carries the signature that is asked for; true where none is
   */
  private record Entry(String hash, boolean signed) {}

  /** Returns the model's id. */
  public String modelId() {
    return modelId;
  }

  /** Whether weights may come into force. */
  public enum Standing {
    /** They may. */
    PROVEN,
    /** Something is missing that may still arrive. */
    PENDING,
    /** They may not, whatever arrives. */
    REFUSED
  }

  /**
   * What the ledger says of weights.
   *
   * @param standing whether they may come into force
   * @param why one sentence; empty where they may
   */
  public record Judgement(Standing standing, String why) {
    private static final Judgement PROVEN = new Judgement(Standing.PROVEN, "");
  }

  /**
   * Takes an entry of the archive in.
   *
   * @param key the record's key; an entry under another than its own is passed over
   * @param weights the entry; null where it was withdrawn
   * @param headers of the record; an entry without the signature that is asked for does not replace
   *     one that carries it
   */
  public synchronized void applyArchived(String key, DecoderWeights weights, Headers headers) {
    Optional<ArchiveKey> named = key == null ? Optional.empty() : ArchiveKey.parse(key);
    if (named.isEmpty() || !named.get().modelId().equals(modelId)) {
      return;
    }
    if (weights == null) {
      archived.remove(named.get().version());
    } else if (weights.getModelId().equals(modelId)
        && weights.getVersion() == named.get().version()
        && WeightsVerifier.isVersion(weights.getVersion())) {
      Entry entry = new Entry(hash(weights), keys.whyNotSigned(weights, headers).isEmpty());
      archived.merge(
          weights.getVersion(),
          entry,
          (old, other) -> old.signed() && !other.signed() ? old : other);
    }
  }

  /** Takes a round of fine-tuning in. */
  public synchronized void apply(DecoderDecision decision) {
    Long version = decision.getCandidateVersion();
    if (decision.getModelId().equals(modelId)
        && decision.getAccepted()
        && version != null
        && WeightsVerifier.isVersion(version)) {
      accepted.add(version);
      if (decision.getHeldBack() == null) {
        putInForce(version, decision.getDecidedAt());
      }
    }
  }

  /** Takes in what a person did. */
  public synchronized void apply(WeightsChange change) {
    boolean puts =
        change.getKind() == WeightsChangeKind.ROLLED_BACK
            || change.getKind() == WeightsChangeKind.PINNED;
    long version = change.getToVersion();
    if (!change.getModelId().equals(modelId) || !puts) {
      return;
    }
    if (WeightsVerifier.isVersion(version)) {
      chosen.add(version);
    }
    if (version == 0 || WeightsVerifier.isVersion(version)) {
      putInForce(version, change.getChangedAt());
    }
  }

  /**
   * Returns the version that was put in force last of those that can be had, by what decisions and
   * people say of the time: archived, or 0 as shipped; 0 where none was.
   */
  public synchronized long lastPutInForce() {
    long last = 0;
    Instant at = Instant.MIN;
    for (Map.Entry<Long, Instant> put : putInForce.entrySet()) {
      boolean canBeHad = put.getKey() == 0 || archived.containsKey(put.getKey());
      if (canBeHad && !put.getValue().isBefore(at)) {
        last = put.getKey();
        at = put.getValue();
      }
    }
    return last;
  }

  private void putInForce(long version, Instant at) {
    Instant before = putInForce.remove(version);
    putInForce.put(version, before != null && before.isAfter(at) ? before : at);
  }

  /**
   * Judges weights that were published to come into force.
   *
   * @param headers of their record
   */
  public synchronized Judgement judge(DecoderWeights weights, Headers headers) {
    long version = weights.getVersion();
    Optional<String> unsigned = keys.whyNotSigned(weights, headers);
    if (unsigned.isPresent()) {
      return judged(Standing.REFUSED, version, unsigned.get());
    }
    Entry entry = archived.get(version);
    if (entry == null) {
      return judged(Standing.PENDING, version, "the archive holds no weights of this version");
    }
    if (!entry.hash().equals(hash(weights))) {
      return judged(
          Standing.REFUSED,
          version,
          "the archived weights of this version are others: tensors, thresholds or encoder differ");
    }
    if (!accepted.contains(version) && !chosen.contains(version)) {
      return judged(
          Standing.PENDING, version, "no decision accepted this version and nobody chose it");
    }
    return Judgement.PROVEN;
  }

  private Judgement judged(Standing standing, long version, String why) {
    return new Judgement(
        standing, "Weights version %d of %s are refused: %s.".formatted(version, modelId, why));
  }

  private static String hash(DecoderWeights weights) {
    return Safetensors.sha256(WeightsStatement.of(weights));
  }
}
