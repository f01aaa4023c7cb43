package io.histoflow.finetuning;

import io.histoflow.platform.logging.LogKeys;
import io.histoflow.schemas.DecoderDecision;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
  private final Map<Integer, Long> knownToAny = new HashMap<>();
  private final Map<Integer, Long> knownToCalibration = new HashMap<>();
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
    Map<Integer, Long> known = believed(round, decision.getCorrectionOffsets());
    Map<Integer, Long> measured =
        believed(round, Optional.ofNullable(decision.getCalibrationOffsets()).orElse(Map.of()));
    if (decision.getAccepted() && decision.getCandidateVersion() != null) {
      knownToVersion.putIfAbsent(decision.getCandidateVersion(), known);
    }
    // Thresholds that were measured anew know what their network has learned from: less, perhaps,
    // than refused rounds before them.
    addTo(knownToAny, known);
    addTo(knownToCalibration, measured);
    lastRound = Math.max(lastRound, round);
    return true;
  }

  /** Returns the number of the last round; 0 before the first. */
  long lastRound() {
    return lastRound;
  }

  /** Tells whether any round, accepted or refused, has known a correction. */
  boolean isKnown(Correction correction) {
    return isBefore(knownToAny, correction);
  }

  /** Tells whether the round that made the given weights has known a correction. */
  boolean isKnownTo(long version, Correction correction) {
    return isBefore(knownToVersion.getOrDefault(version, Map.of()), correction);
  }

  /** Tells whether thresholds were measured anew with knowledge of a correction. */
  boolean isKnownToCalibration(Correction correction) {
    return isBefore(knownToCalibration, correction);
  }

  /** Returns what the given weights may have learned from, as a decision names it. */
  Map<String, Long> offsetsKnownTo(long version) {
    return named(knownToVersion.getOrDefault(version, Map.of()));
  }

  /** Returns offsets by partition as a decision names them. */
  static Map<String, Long> named(Map<Integer, Long> offsets) {
    Map<String, Long> named = new HashMap<>();
    offsets.forEach((partition, offset) -> named.put(partition.toString(), offset));
    return named;
  }

  private static void addTo(Map<Integer, Long> all, Map<Integer, Long> more) {
    more.forEach((partition, offset) -> all.merge(partition, offset, Math::max));
  }

  private static boolean isBefore(Map<Integer, Long> nextOffsets, Correction correction) {
    return correction.offset() < nextOffsets.getOrDefault(correction.partition(), 0L);
  }

  private Map<Integer, Long> believed(long round, Map<String, Long> offsets) {
    Map<Integer, Long> believed = new HashMap<>();
    offsets.forEach(
        (partition, offset) -> {
          if (partition.matches("\\d{1,9}")
              && offset >= 0
              && end.hasReached(Integer.parseInt(partition), offset)) {
            believed.put(Integer.valueOf(partition), offset);
          } else {
            log.atWarn()
                .addKeyValue(LogKeys.ROUND, round)
                .addKeyValue(LogKeys.OFFSET, offset)
                .log("A round names corrections beyond the end of their topic; they count as new");
          }
        });
    return believed;
  }
}
