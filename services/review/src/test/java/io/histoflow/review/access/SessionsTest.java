package io.histoflow.review.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private Instant now = Instant.EPOCH;
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private final Sessions sessions = new Sessions(Duration.ofHours(1), clock);
  private final SignInThrottle throttle = new SignInThrottle(clock);

  @Test
  void shouldKnowAUserUntilTheSessionEnds() {
    // Given
    String token = sessions.open("ada");

    // When, then
    now = now.plus(Duration.ofMinutes(59));
    assertThat(sessions.user(token)).hasValue("ada");
    now = now.plus(Duration.ofMinutes(1));
    assertThat(sessions.user(token)).isEmpty();
  }

  @Test
  void shouldForgetWhoSignedOut() {
    // Given
    String token = sessions.open("ada");
    String other = sessions.open("ada");

    // When
    sessions.close(token);

    // Then
    assertThat(sessions.user(token)).isEmpty();
    assertThat(sessions.user(other)).hasValue("ada");
    assertThat(token).isNotEqualTo(other).hasSize(43);
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
