package io.histoflow.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private Instant now = Instant.EPOCH;
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private static final Person ADA = new Person("ada", Role.READER);

  private final Sessions sessions = new Sessions(Duration.ofHours(1), clock);
  private final SignInThrottle throttle = new SignInThrottle(clock);

  @Test
  void shouldKnowAUserUntilTheSessionEnds() {
    // Given
    String token = sessions.open(ADA);

    // When, then
    now = now.plus(Duration.ofMinutes(59));
    assertThat(sessions.person(token)).hasValue(ADA);
    now = now.plus(Duration.ofMinutes(1));
    assertThat(sessions.person(token)).isEmpty();
  }

  @Test
  void shouldForgetWhoSignedOut() {
    // Given
    String token = sessions.open(ADA);
    String other = sessions.open(ADA);

    // When
    sessions.close(token);

    // Then
    assertThat(sessions.person(token)).isEmpty();
    assertThat(sessions.person(other)).hasValue(ADA);
    assertThat(token).isNotEqualTo(other).hasSize(43);
  }

  @Test
  void shouldKnowNoMoreSessionsThanItMay() {
    // When
    List<String> tokens = Stream.generate(() -> sessions.open(ADA)).limit(12_000).toList();

    // Then
    assertThat(tokens.stream().filter(token -> sessions.person(token).isPresent()).count())
        .isBetween(9_900L, 10_000L);
  }

  @Test
  void shouldCountWrongPasswordsFromTheFirstOn() {
    // Given
    throttle.begin("ada", "10.0.0.1");
    now = now.plus(SignInThrottle.WINDOW).minusSeconds(1);
    for (int i = 1; i < SignInThrottle.ALLOWED; i++) {
      assertThat(throttle.begin("ada", "10.0.0.1")).isTrue();
    }
    assertThat(throttle.begin("ada", "10.0.0.1")).isFalse();

    // When
    now = now.plusSeconds(1);

    // Then
    assertThat(throttle.begin("ada", "10.0.0.1")).isTrue();
  }

  @Test
  void shouldRefuseGuessesOfOneAddressForAWhile() {
    // Given
    for (int i = 0; i < SignInThrottle.ALLOWED; i++) {
      assertThat(throttle.begin("ada", "10.0.0.1")).isTrue();
    }

    // When, then
    assertThat(throttle.begin("ada", "10.0.0.1")).isFalse();
    assertThat(throttle.begin("ada", "10.0.0.2")).isTrue();
    now = now.plus(SignInThrottle.WINDOW);
    assertThat(throttle.begin("ada", "10.0.0.1")).isTrue();
  }

  @Test
  void shouldRefuseARightPasswordTooWhereNoGuessIsLeft() {
    // Given
    for (int i = 0; i < SignInThrottle.ALLOWED; i++) {
      assertThat(throttle.admits("ada", "10.0.0.1", true)).isTrue();
      assertThat(throttle.admits("ada", "10.0.0.1", false)).isTrue();
    }

    // When, then
    assertThat(throttle.admits("ada", "10.0.0.1", true)).isFalse();
    assertThat(throttle.admits("ada", "10.0.0.1", false)).isFalse();
  }

  @Test
  void shouldForgetGuessesAfterTheRightPassword() {
    // Given
    for (int i = 0; i < SignInThrottle.ALLOWED; i++) {
      throttle.begin("ada", "10.0.0.1");
    }

    // When
    throttle.succeeded("ada", "10.0.0.1");

    // Then
    assertThat(throttle.begin("ada", "10.0.0.1")).isTrue();
  }
}
