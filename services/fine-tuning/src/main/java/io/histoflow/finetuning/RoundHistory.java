package io.histoflow.finetuning;

import io.histoflow.platform.logging.LogKeys;
import io.histoflow.schemas.DecoderDecision;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rounds that were decided, as their topic tells them: how many there were, and which
 * corrections each knew. Applying a decision twice changes nothing.
 *
 * <p>Numbers that nobody can have counted to are not believed: a round far beyond the one before
 * it, and corrections beyond the end of their topic, which would pass for known when they come.
 */
final class RoundHistory {
  private static final Logger log = LoggerFactory.getLogger(RoundHistory.class);

  /** Rounds are decided one after the other, and every one is kept. */
  private static final long FARTHEST_STEP = 1_000;

  private final CorrectionsEnd end;
  private final Map<Long, Map<Integer, Long>> knownToVersion = new HashMap<>();
  private Map<Integer, Long> knownToLast = Map.of();
  private long lastRound;

  /** Tells how far the corrections' topic reaches. */
  @FunctionalInterface
  interface CorrectionsEnd {
    /** Tells whether a partition has reached an offset, which then is that of its next record. */
    boolean hasReached(int partition, long offset);
  }

  RoundHistory(CorrectionsEnd end) {
    this.end = end;
  }

  /**
   * Takes a decision in.
   *
   * @return false where its number is not believed
   */
  boolean apply(DecoderDecision decision) {
    long round = decision.getRound();
    if (round < 1 || (round > lastRound && round - lastRound > FARTHEST_STEP)) {
      return false;
    }
    Map<Integer, Long> known = offsets(decision);
    if (decision.getAccepted() && decision.getCandidateVersion() != null) {
      knownToVersion.putIfAbsent(decision.getCandidateVersion(), known);
    }
    if (round > lastRound) {
      lastRound = round;
      knownToLast = known;
    }
    return true;
  }

  /** Returns the number of the last round; 0 before the first. */
  long lastRound() {
    return lastRound;
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

  private Map<Integer, Long> offsets(DecoderDecision decision) {
    Map<Integer, Long> offsets = new HashMap<>();
    decision
        .getCorrectionOffsets()
        .forEach(
            (partition, offset) -> {
              if (partition.matches("\\d{1,9}")
                  && offset >= 0
                  && end.hasReached(Integer.parseInt(partition), offset)) {
                offsets.put(Integer.valueOf(partition), offset);
              } else {
                log.atWarn()
                    .addKeyValue(LogKeys.ROUND, decision.getRound())
                    .addKeyValue(LogKeys.OFFSET, offset)
                    .log(
                        "A round names corrections beyond the end of their topic; they count as new");
              }
            });
    return offsets;
  }
}
