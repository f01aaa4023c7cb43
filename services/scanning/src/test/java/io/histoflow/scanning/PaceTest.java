package io.histoflow.scanning;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {
  private Instant now = Instant.parse("2026-01-31T08:00:00Z");

  @Test
  void shouldSayThePaceOfTheLastHalfMinuteAndWhenItIsDoneAtThat() {
    // Given
    Pace pace = new Pace(() -> now);
    assertThat(pace.after(3, 1_000)).isEmpty();
    // When ten tiles a second for a minute, then one
    String first = "";
    for (int second = 1; second <= 60; second++) {
      now = now.plusSeconds(1);
      first = pace.after(10L * second, 10_000);
    }
    String slower = "";
    for (int second = 1; second <= 60; second++) {
      now = now.plusSeconds(1);
      slower = pace.after(600L + second, 10_000);
    }
    // Then
    assertThat(first).isEqualTo("10.0 tiles/s, 16 min left");
    assertThat(slower).isEqualTo("1.0 tiles/s, 2.6 h left");
    assertThat(pace.after(9_990, 10_000)).endsWith(" s left");
  }
}
