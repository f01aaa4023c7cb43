package io.histoflow.review.correction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.schemas.AvroDeserializer;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PublishedVerdictsTest {
  private static final String TOPIC = Topics.MASKS_CORRECTED.name();
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

  @Test
  void shouldSayThatAVerdictIsNotKnownWhereKafkaDoesNotGiveItsRecordsInTime() {
    // Given: a record that lies there and does not come
    try (PublishedVerdicts verdicts = verdicts(1)) {

      // When, then
      assertThatThrownBy(() -> verdicts.find("tile", Instant.EPOCH))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE))
          .hasMessageContaining("did not give the verdict on tile tile");
    }
  }

  @Test
  void shouldSayThatThereIsNoneWhereAllHasBeenRead() throws RefusedException {
    // Given
    try (PublishedVerdicts verdicts = verdicts(0)) {

      // When
      Optional<MaskCorrected> found = verdicts.find("tile", Instant.EPOCH);

      // Then
      assertThat(found).isEmpty();
    }
  }

  private static PublishedVerdicts verdicts(long end) {
    Slow consumer = new Slow();
    consumer.updatePartitions(
        TOPIC, List.of(new PartitionInfo(TOPIC, 0, Node.noNode(), new Node[0], new Node[0])));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, end));
    return new PublishedVerdicts(
        consumer, new AvroDeserializer<>(MaskCorrected.class), Duration.ofMillis(50));
  }

  /** Knows where records lie by their time, which Kafka's own does not, and gives none of them. */
  private static final class Slow extends MockConsumer<byte[], byte[]> {

    Slow() {
      super("earliest");
    }

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
        Map<TopicPartition, Long> times, Duration timeout) {
      return Map.of(PARTITION, new OffsetAndTimestamp(0, 0));
    }
  }
}
