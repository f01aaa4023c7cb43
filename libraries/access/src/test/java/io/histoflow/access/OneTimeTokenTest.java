package io.histoflow.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OneTimeTokenTest {
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private final OneTimeToken token = new OneTimeToken(Duration.ofMinutes(10), () -> now);

  @Test
  void shouldBeUsedOnce() {
    // Given
    String given = token.renew();

    // When, then
    assertThat(token.use(given)).isTrue();
    assertThat(token.use(given)).isFalse();
    assertThat(token.isUsable()).isFalse();
  }

  @Test
  void shouldRefuseWhatItIsNotAndStayUsable() {
    // Given
    String given = token.renew();

    // When, then
    assertThat(token.use("")).isFalse();
    assertThat(token.use(given.substring(1))).isFalse();
    assertThat(token.use(given + "A")).isFalse();
    assertThat(token.use(given)).isTrue();
  }

  @Test
  void shouldEndWithItsTime() {
    // Given
    String given = token.renew();

    // When
    now = now.plus(Duration.ofMinutes(10));

    // Then
    assertThat(token.isUsable()).isFalse();
    assertThat(token.use(given)).isFalse();
  }

  @Test
  void shouldTakeThePlaceOfTheOneBefore() {
    // Given
    String before = token.renew();

    // When
    String after = token.renew();

    // Then
    assertThat(after).isNotEqualTo(before).hasSize(43);
    assertThat(token.use(before)).isFalse();
    assertThat(token.use(after)).isTrue();
  }

  @Test
  void shouldNotBeUsedBeforeThereIsOne() {
    assertThat(token.use("")).isFalse();
    assertThat(token.isUsable()).isFalse();
  }
}
