package io.histoflow.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ProgressWatchTest {
  private static final String TOPIC = "tiles";

  private final AtomicLong now = new AtomicLong();
  private final ProgressWatch watch = new ProgressWatch(Duration.ofMinutes(2), now::get);
  private final ConsumerRecord<byte[], byte[]> record =
      TestTiles.record(TOPIC, "tile-7", new byte[0]);
  private final TopicPartition partition = new TopicPartition(TOPIC, record.partition());

  @Test
  void shouldNameTheRecordThatHasBeenInWorkForTooLong() {
    // Given
    watch.begins(record);
    // When
    pass(Duration.ofSeconds(121));
    // Then
    assertThat(watch.stalled().orElseThrow())
        .contains("tiles", "partition 3", "offset 42", "tile-7", "121 s");
  }

  @Test
  void shouldGoOnCountingWhenTheSameRecordIsBegunAgain() {
    // Given
    watch.begins(record);
    pass(Duration.ofSeconds(100));
    // When
    watch.begins(record);
    pass(Duration.ofSeconds(30));
    // Then
    assertThat(watch.stalled()).isPresent();
  }

  @Test
  void shouldCallAnAnsweredRecordProgress() {
    // Given
    watch.begins(record);
    // When
    watch.answered(partition, 43);
    pass(Duration.ofHours(1));
    // Then
    assertThat(watch.stalled()).isEmpty();
  }

  @Test
  void shouldNotWatchThePartitionsOfOthers() {
    // Given
    watch.begins(record);
    // When
    watch.left(partition);
    pass(Duration.ofHours(1));
    // Then
    assertThat(watch.stalled()).isEmpty();
  }

  @Test
  void shouldNameAPartitionOfWhichNobodyLearnsWhereToGoOn() {
    // Given
    TopicPartition other = new TopicPartition(TOPIC, 5);
    watch.assigned(partition);
    watch.assigned(other);
    watch.known(Set.of(other));
    // When
    pass(Duration.ofSeconds(121));
    // Then
    assertThat(watch.stalled().orElseThrow())
        .contains("tiles, partition 3", "121 s")
        .doesNotContain("partition 5");
    watch.left(partition);
    assertThat(watch.stalled()).isEmpty();
  }

  @Test
  void shouldNotRepeatAKeyThatIsNoName() {
    // Given
    watch.begins(TestTiles.record(TOPIC, "a\nb", new byte[0]));
    // When
    pass(Duration.ofHours(1));
    // Then
    assertThat(watch.stalled().orElseThrow()).contains("its key is no name").doesNotContain("\n");
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
