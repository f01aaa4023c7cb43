package io.histoflow.finetuning;

import io.histoflow.schemas.DecoderDecision;
import java.util.HashMap;
import java.util.Map;

/**
 * The rounds that were decided, as their topic tells them: how many there were, and which
 * corrections each knew. Applying a decision twice changes nothing.
 */
final class RoundHistory {
  private final Map<Long, Map<Integer, Long>> knownToVersion = new HashMap<>();
  private Map<Integer, Long> knownToLast = Map.of();
  private long lastRound;
  private long highestVersion;

  /** Takes a decision in. */
  void apply(DecoderDecision decision) {
    Map<Integer, Long> known = offsets(decision);
    highestVersion = Math.max(highestVersion, decision.getParentVersion());
    if (decision.getAccepted() && decision.getCandidateVersion() != null) {
      long version = decision.getCandidateVersion();
      highestVersion = Math.max(highestVersion, version);
      knownToVersion.put(version, known);
    }
    if (decision.getRound() > lastRound) {
      lastRound = decision.getRound();
      knownToLast = known;
    }
  }

  /** Returns the number of the last round; 0 before the first. */
  long lastRound() {
    return lastRound;
  }

  /** Returns the highest version that a decision names; 0 where there is none. */
  long highestVersion() {
    return highestVersion;
  }

  /** Tells whether any round, accepted or refused, has known a correction. */
  boolean isKnown(Correction correction) {
    return isBefore(knownToLast, correction);
  }

  /** Tells whether the round that made the given weights has known a correction. */
  boolean isKnownTo(long version, Correction correction) {
    return isBefore(knownToVersion.getOrDefault(version, Map.of()), correction);
  }

  private static boolean isBefore(Map<Integer, Long> nextOffsets, Correction correction) {
    return correction.offset() < nextOffsets.getOrDefault(correction.partition(), 0L);
  }

  private static Map<Integer, Long> offsets(DecoderDecision decision) {
    Map<Integer, Long> offsets = new HashMap<>();
    decision
        .getCorrectionOffsets()
        .forEach((partition, offset) -> offsets.put(Integer.valueOf(partition), offset));
    return offsets;
  }
}
