package io.histoflow.review.overview;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.review.support.TestDrift;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeldBackCountsTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:30:00Z");

  private final HeldBackCounts counts = new HeldBackCounts(2);

  @Test
  void shouldCountTheTilesOfTheLastDayByOrgan() {
    // When
    assertThat(add("kidney", Duration.ZERO)).isTrue();
    assertThat(add("kidney", Duration.ofHours(23))).isTrue();
    assertThat(add("liver", Duration.ofHours(3))).isTrue();
    assertThat(add("liver", Duration.ofHours(24))).isFalse();

    // Then
    assertThat(counts.lastDay(NOON)).isEqualTo(Map.of("kidney", 2, "liver", 1));
  }

  @Test
  void shouldForgetHoursAsTheyPass() {
    // Given
    add("kidney", Duration.ZERO);
    add("kidney", Duration.ofHours(20));

    // When / Then
    assertThat(counts.lastDay(NOON.plus(Duration.ofHours(3)))).isEqualTo(Map.of("kidney", 2));
    assertThat(counts.lastDay(NOON.plus(Duration.ofHours(4)))).isEqualTo(Map.of("kidney", 1));
    assertThat(counts.lastDay(NOON.plus(Duration.ofHours(24)))).isEmpty();
  }

  @Test
  void shouldCountATileFromTheFutureAsOfNow() {
    // When
    add("kidney", Duration.ofDays(-3));

    // Then
    assertThat(counts.lastDay(NOON)).isEqualTo(Map.of("kidney", 1));
    assertThat(counts.lastDay(NOON.plus(Duration.ofHours(24)))).isEmpty();
  }

  @Test
  void shouldCountNoMoreOrgansThanThereIsRoomFor() {
    // Given
    add("kidney", Duration.ofHours(23));
    add("liver", Duration.ZERO);

    // When / Then: room comes back with the hours
    assertThat(add("lung", Duration.ZERO)).isFalse();
    Instant later = NOON.plus(Duration.ofHours(1));
    assertThat(counts.add(TestDrift.heldBack("t", "lung", later), later)).isTrue();
    assertThat(counts.lastDay(later)).isEqualTo(Map.of("liver", 1, "lung", 1));
  }

  private boolean add(String organ, Duration ago) {
    return counts.add(TestDrift.heldBack("t", organ, NOON.minus(ago)), NOON);
  }
}
