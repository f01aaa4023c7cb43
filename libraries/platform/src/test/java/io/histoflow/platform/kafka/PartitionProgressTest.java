package io.histoflow.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PartitionProgressTest {
  private static final TopicPartition FIRST = new TopicPartition("tiles", 0);
  private static final TopicPartition SECOND = new TopicPartition("tiles", 1);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final PartitionProgress progress = new PartitionProgress(Duration.ofMinutes(2), now::get);

  @Test
  void shouldNameTheRecordAtWhichAPartitionStandsStill() {
    // Given
    progress.update(FIRST, 17, true);
    progress.update(SECOND, 4, true);
    pass(Duration.ofSeconds(119));
    progress.update(FIRST, 17, true);
    progress.update(SECOND, 5, true);
    assertThat(progress.standstill()).isEmpty();

    // When
    pass(Duration.ofSeconds(1));
    progress.update(FIRST, 17, true);
    progress.update(SECOND, 5, true);

    // Then
    assertThat(progress.standstill())
        .contains(
            "Partition 0 of tiles makes no progress since 2026-01-01T00:00:00Z; its next record"
                + " has the offset 17");
  }

  @Test
  void shouldBeContentWithPartitionsThatGoOnHaveNothingToDoOrWentToOthers() {
    // Given
    progress.update(FIRST, 17, false);
    progress.update(SECOND, 4, true);
    pass(Duration.ofMinutes(5));
    assertThat(progress.standstill()).isPresent();

    // When
    progress.update(FIRST, 17, true);
    progress.retain(List.of(FIRST));

    // Then
    assertThat(progress.standstill()).isEmpty();
    pass(Duration.ofMinutes(2));
    assertThat(progress.standstill()).isPresent();
    progress.update(FIRST, 18, true);
    assertThat(progress.standstill()).isEmpty();
  }

  private void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }
}
