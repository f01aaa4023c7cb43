package io.histoflow.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.testing.PlatformExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class SingleReaderIT {
  private static final TopicPartition PARTITION = new TopicPartition("single-reader", 0);
  private static final int ABORTED = 20;
  private static final int MOST_TRIES = 2 * ABORTED;

  @Test
  void shouldGetPastAbortedRecordsThatOneFetchDoesNotHold(EmbeddedPlatform platform)
      throws Exception {
    // Given
    ServiceConfig config =
        platform.config().with(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "1000");
    KafkaClients clients = new KafkaClients(config, "single-reader");
    try (Admin admin = clients.admin()) {
      admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1))).all().get();
    }
    try (Producer<byte[], byte[]> producer =
        clients.bytesProducer(
            Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                "single-reader",
                ProducerConfig.BATCH_SIZE_CONFIG,
                0))) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int i = 0; i < ABORTED; i++) {
        producer.send(record(new byte[2000])).get();
      }
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(record("wanted".getBytes(StandardCharsets.UTF_8))).get();
      producer.commitTransaction();
    }

    // When
    try (SingleReader reader = new SingleReader(clients)) {
      Optional<ConsumerRecord<byte[], byte[]>> found = Optional.empty();
      for (int i = 0; i < MOST_TRIES && found.isEmpty(); i++) {
        found = reader.next(PARTITION, 0, Duration.ofSeconds(1));
      }

      // Then
      assertThat(found.orElseThrow().value()).asString(StandardCharsets.UTF_8).isEqualTo("wanted");

      // And back where it was asked for again
      assertThat(reader.next(PARTITION, ABORTED, Duration.ofSeconds(10)))
          .hasValueSatisfying(again -> assertThat(again.offset()).isGreaterThan(ABORTED));
    }
  }

  private static ProducerRecord<byte[], byte[]> record(byte[] value) {
    return new ProducerRecord<>(PARTITION.topic(), PARTITION.partition(), null, value);
  }
}
