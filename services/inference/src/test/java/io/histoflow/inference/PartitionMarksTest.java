package io.histoflow.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionMarksTest {
  private static final TopicPartition PARTITION = new TopicPartition("tiles", 3);
  private static final WorkMark USUAL = WorkMark.working(32);

  /** The consumer of a worker that may have left the group without knowing. */
  private static final class Fenced extends MockConsumer<byte[], byte[]> {
    private KafkaException answer;

    Fenced(KafkaException answer) {
      super("earliest");
      this.answer = answer;
      assign(List.of(PARTITION));
      updateBeginningOffsets(Map.of(PARTITION, 0L));
      updateEndOffsets(Map.of(PARTITION, 5L));
    }

    @Override
    public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
      if (answer != null) {
        throw answer;
      }
      super.commitSync(offsets);
    }
  }

  static Stream<KafkaException> answers() {
    return Stream.of(new CommitFailedException(), new RebalanceInProgressException());
  }

  @ParameterizedTest
  @MethodSource("answers")
  void shouldLetAWorkerPollThatIsNoLongerOfTheGroup(KafkaException answer) {
    try (Fenced consumer = new Fenced(answer)) {
      // Given
      PartitionMarks marks = new PartitionMarks(consumer, USUAL);

      // When
      marks.read(Set.of(PARTITION), Duration.ofSeconds(1));
      assertThat(marks.known()).isEmpty();

      // Then it is read again once the group is joined
      consumer.answer = null;
      marks.read(Set.of(PARTITION), Duration.ofSeconds(1));
      assertThat(marks.known()).containsExactly(PARTITION);
      assertThat(consumer.committed(Set.of(PARTITION)).get(PARTITION).metadata())
          .isEqualTo(USUAL.text());
    }
  }
}
