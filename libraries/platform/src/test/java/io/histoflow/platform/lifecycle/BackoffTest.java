package io.histoflow.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @Test
  void shouldWaitLongerAfterEachFailureUntilAllIsQuiet() {
    // Given
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    RestartPolicy policy =
        new RestartPolicy(Duration.ofSeconds(1), Duration.ofSeconds(15), Duration.ofMinutes(1));
    Backoff backoff = new Backoff(policy, now::get);

    // When, then
    for (int seconds : new int[] {1, 2, 4, 8, 15, 15}) {
      assertThat(backoff.afterFailure()).isEqualTo(Duration.ofSeconds(seconds));
    }
    now.updateAndGet(before -> before.plusSeconds(76));
    assertThat(backoff.afterFailure()).isEqualTo(Duration.ofSeconds(1));
  }
}
