package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.histoflow.schemas.DecoderDecision;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class RoundHistoryTest {

  @Test
  void shouldKnowNothingBeforeTheFirstRound() {
    // Given
    RoundHistory history = new RoundHistory((partition, offset) -> offset <= 100);
    // Then
    assertThat(history.lastRound()).isZero();
    assertThat(history.isKnown(Corrections.of("a", 0, 0))).isFalse();
  }

  @Test
  void shouldTakeADecisionInOnceTheBrokersAnswer() {
    // Given
    AtomicInteger silent = new AtomicInteger(1);
    RoundHistory history =
        new RoundHistory(
            (partition, offset) -> {
              if (silent.getAndDecrement() > 0) {
                throw new TimeoutException("no answer");
              }
              return true;
            });
    DecoderDecision decision = accepted(1, 1, Map.of("0", 3L));
    assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> history.apply(decision));
    assertThat(history.lastRound()).isZero();
    // When
    history.apply(decision);
    // Then
    assertThat(history.isKnown(Corrections.of("a", 0, 2))).isTrue();
    assertThat(history.isKnownTo(1, Corrections.of("a", 0, 2))).isTrue();
  }

  @Test
  void shouldTellWhichCorrectionsTheLastRoundKnew() {
    // Given
    RoundHistory history = new RoundHistory((partition, offset) -> offset <= 100);
    // When
    history.apply(refused(1, Map.of("0", 3L)));
    // Then
    assertThat(history.isKnown(Corrections.of("a", 0, 2))).isTrue();
    assertThat(history.isKnown(Corrections.of("a", 0, 3))).isFalse();
    assertThat(history.isKnown(Corrections.of("a", 1, 0))).isFalse();
  }

  @Test
  void shouldTellApartWhatARefusedRoundKnewAndWhatTheWeightsInForceLearned() {
    // Given
    RoundHistory history = new RoundHistory((partition, offset) -> offset <= 100);
    Correction correction = Corrections.of("a", 0, 4);
    // When
    history.apply(accepted(1, 1, Map.of("0", 3L)));
    history.apply(refused(2, Map.of("0", 5L)));
    // Then
    assertThat(history.isKnown(correction)).isTrue();
    assertThat(history.isKnownTo(1, correction)).isFalse();
    assertThat(history.isKnownTo(1, Corrections.of("b", 0, 2))).isTrue();
    assertThat(history.isKnownTo(0, Corrections.of("b", 0, 2))).isFalse();
  }

  @Test
  void shouldForgetNoCorrectionOverThresholdsThatWereMeasuredAnew() {
    // Given: a refused round knew more than the weights in force
    RoundHistory history = new RoundHistory((partition, offset) -> offset <= 100);
    history.apply(accepted(1, 1, Map.of("0", 3L)));
    history.apply(refused(2, Map.of("0", 9L)));
    // When
    DecoderDecision measured = accepted(3, 2, history.offsetsKnownTo(1));
    measured.put("calibrationOffsets", Map.of("0", 7L));
    history.apply(measured);
    // Then
    assertThat(history.isKnown(Corrections.of("a", 0, 8))).isTrue();
    assertThat(history.isKnownTo(2, Corrections.of("a", 0, 2))).isTrue();
    assertThat(history.isKnownTo(2, Corrections.of("a", 0, 3))).isFalse();
    assertThat(history.isKnownToCalibration(Corrections.of("a", 0, 6))).isTrue();
    assertThat(history.isKnownToCalibration(Corrections.of("a", 0, 7))).isFalse();
  }

  @Test
  void shouldNotChangeWhenADecisionIsReadTwice() {
    // Given
    RoundHistory history = new RoundHistory((partition, offset) -> offset <= 100);
    DecoderDecision first = accepted(1, 1, Map.of("0", 3L));
    history.apply(first);
    history.apply(accepted(2, 2, Map.of("0", 8L)));
    // When
    history.apply(first);
    // Then
    assertThat(history.lastRound()).isEqualTo(2);
    assertThat(history.isKnown(Corrections.of("a", 0, 7))).isTrue();
  }

  @Test
  void shouldNotBelieveARoundThatNobodyCountedTo() {
    // Given
    RoundHistory history = new RoundHistory((partition, offset) -> offset <= 100);
    history.apply(refused(1, Map.of("0", 3L)));
    // When / Then
    for (long round : new long[] {Long.MIN_VALUE, -1, 0, 1L << 53, Long.MAX_VALUE}) {
      assertThat(history.apply(refused(round, Map.of("0", 50L)))).isFalse();
    }
    assertThat(history.lastRound()).isEqualTo(1);
    assertThat(history.isKnown(Corrections.of("a", 0, 3))).isFalse();
    assertThat(history.apply(refused(2, Map.of()))).isTrue();
  }

  @Test
  void shouldNotTakeCorrectionsForKnownThatAreYetToCome() {
    // Given
    RoundHistory history = new RoundHistory((partition, offset) -> offset <= 100);
    // When
    history.apply(
        accepted(
            1,
            1,
            Map.of("0", Long.MAX_VALUE, "1", 101L, "2", -1L, "x", 5L, "99999999999", 5L, "3", 9L)));
    // Then
    assertThat(history.lastRound()).isEqualTo(1);
    for (int partition = 0; partition < 3; partition++) {
      assertThat(history.isKnown(Corrections.of("a", partition, 0))).isFalse();
      assertThat(history.isKnownTo(1, Corrections.of("a", partition, 0))).isFalse();
    }
    assertThat(history.isKnown(Corrections.of("a", 3, 8))).isTrue();
  }

  private static DecoderDecision accepted(long round, long version, Map<String, Long> offsets) {
    return decision(round, offsets).setAccepted(true).setCandidateVersion(version).build();
  }

  private static DecoderDecision refused(long round, Map<String, Long> offsets) {
    return decision(round, offsets).setAccepted(false).build();
  }

  private static DecoderDecision.Builder decision(long round, Map<String, Long> offsets) {
    return DecoderDecision.newBuilder()
        .setModelId("model")
        .setRound(round)
        .setParentVersion(0)
        .setReason("for a test")
        .setExamplesUsed(1)
        .setCorrectionOffsets(offsets)
        .setDecidedAt(Instant.EPOCH);
  }
}
