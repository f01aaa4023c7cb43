package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RoundTriggerTest {
  private static final Instant NOON = Instant.parse("2025-06-01T12:00:00Z");
  private static final RoundTrigger TRIGGER = new RoundTrigger(5, 2, Duration.ofMinutes(10));

  @Test
  void shouldStartARoundAsSoonAsEnoughCorrectionsWait() {
    assertThat(TRIGGER.isDue(waiting(4, NOON), NOON)).isFalse();
    assertThat(TRIGGER.isDue(waiting(5, NOON), NOON)).isTrue();
  }

  @Test
  void shouldStartARoundWithAFewThatHaveWaitedLongEnough() {
    assertThat(TRIGGER.isDue(waiting(2, NOON), NOON.plusSeconds(599))).isFalse();
    assertThat(TRIGGER.isDue(waiting(2, NOON), NOON.plusSeconds(600))).isTrue();
  }

  @Test
  void shouldNeverStartARoundWithFewerThanAFew() {
    assertThat(TRIGGER.isDue(waiting(1, NOON), NOON.plus(Duration.ofDays(365)))).isFalse();
    assertThat(TRIGGER.isDue(waiting(0, Instant.MAX), NOON)).isFalse();
  }

  @Test
  void shouldRefuseAFewThatAreMoreThanEnough() {
    assertThatThrownBy(() -> new RoundTrigger(5, 6, Duration.ZERO))
        .hasMessageContaining("1 to enough (5), not 6");
  }

  @Test
  void shouldNotStumbleOverDatesThatCannotBe() {
    assertThat(TRIGGER.isDue(waiting(2, Instant.ofEpochMilli(Long.MAX_VALUE)), NOON)).isFalse();
    assertThat(TRIGGER.isDue(waiting(2, Instant.ofEpochMilli(Long.MIN_VALUE)), NOON)).isTrue();
  }

  private static CorrectionStore.Waiting waiting(int count, Instant publishedAt) {
    return new CorrectionStore.Waiting(count, publishedAt);
  }
}
