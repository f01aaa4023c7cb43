package io.histoflow.platform.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class TransactionalPublisherIT {
  private static final String TOPIC = Topics.TILES_DEAD_LETTER.name();
  private static final String TWIN = "Another one runs: stop it.";
  private static final TopicPartition INPUT = new TopicPartition(Topics.TILES_SCANNED.name(), 0);

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final String id = UUID.randomUUID().toString();
  private final List<AutoCloseable> open = new ArrayList<>();
  private KafkaClients clients;
  private Consumer<byte[], byte[]> group;
  private Consumer<byte[], byte[]> reader;

  @BeforeEach
  void connect(EmbeddedPlatform platform) {
    clients = new KafkaClients(platform.config(), "publisher-test");
    group = clients.bytesConsumer("group-" + id, Map.of());
    reader = clients.bytesConsumer(null, Map.of());
    List<TopicPartition> partitions =
        reader.partitionsFor(TOPIC).stream()
            .map(info -> new TopicPartition(TOPIC, info.partition()))
            .toList();
    reader.assign(partitions);
    reader.seekToEnd(partitions);
    partitions.forEach(reader::position);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    group.close();
    reader.close();
  }

  @Test
  void shouldCommitRecordsAndOffsetsTogether() throws Exception {
    // Given
    TransactionalPublisher publisher = opened();
    // When
    publisher.publish(
        records("a", "b"), Map.of(INPUT, new OffsetAndMetadata(7)), group.groupMetadata());
    // Then
    assertThat(committed()).isEqualTo(7);
    awaitKeys("a", "b");
  }

  @Test
  void shouldLeaveNothingBehindWhenATransactionFailsAndGoOn() throws Exception {
    // Given
    TransactionalPublisher publisher = opened();
    ProducerRecord<byte[], byte[]> tooLarge =
        new ProducerRecord<>(
            TOPIC,
            "large".getBytes(UTF_8),
            new byte[Topics.TILES_DEAD_LETTER.maxMessageBytes() + 1]);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(records("c"));
    records.add(tooLarge);
    // When
    assertThatThrownBy(
            () ->
                publisher.publish(
                    records, Map.of(INPUT, new OffsetAndMetadata(7)), group.groupMetadata()))
        .isInstanceOf(TransactionFailedException.class)
        .hasMessageContaining("2 records");
    publisher.publish(records("d"), Map.of(INPUT, new OffsetAndMetadata(3)), group.groupMetadata());
    // Then
    assertThat(committed()).isEqualTo(3);
    awaitKeys("d");
  }

  @Test
  void shouldGiveWayToATwinAndSaySo() throws Exception {
    // Given
    TransactionalPublisher older = opened();
    TransactionalPublisher newer = opened();
    // When the older is fenced for the first time, it may have been asleep: it starts over
    assertThatThrownBy(() -> publish(older, "e")).isInstanceOf(TransactionFailedException.class);
    publish(older, "f");
    // And is fenced again by a twin that starts over too
    assertThatThrownBy(() -> publish(newer, "g")).isInstanceOf(TransactionFailedException.class);
    now.set(now.get().plusSeconds(30));
    // Then
    assertThatThrownBy(() -> publish(older, "h"))
        .isInstanceOf(ServiceException.class)
        .hasMessage(TWIN);
    publish(newer, "i");
    awaitKeys("f", "i");
  }

  @Test
  void shouldTakeFencingLongAgoForNoSignOfATwin() throws Exception {
    // Given
    TransactionalPublisher older = opened();
    TransactionalPublisher newer = opened();
    assertThatThrownBy(() -> publish(older, "j")).isInstanceOf(TransactionFailedException.class);
    assertThatThrownBy(() -> publish(newer, "k")).isInstanceOf(TransactionFailedException.class);
    // When
    now.set(now.get().plus(Duration.ofMinutes(5)));
    // Then
    assertThatThrownBy(() -> publish(older, "l")).isInstanceOf(TransactionFailedException.class);
    publish(older, "m");
    awaitKeys("m");
  }

  private void publish(TransactionalPublisher publisher, String key)
      throws TransactionFailedException {
    publisher.publish(records(key), Map.of(), group.groupMetadata());
  }

  private TransactionalPublisher opened() {
    TransactionalPublisher publisher =
        new TransactionalPublisher(
            () -> clients.bytesProducer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id)),
            TWIN,
            1,
            now::get);
    publisher.open();
    open.add(publisher);
    return publisher;
  }

  private List<ProducerRecord<byte[], byte[]>> records(String... keys) {
    return Arrays.stream(keys)
        .map(key -> new ProducerRecord<>(TOPIC, (id + key).getBytes(UTF_8), new byte[] {1}))
        .toList();
  }

  private long committed() {
    return group.committed(Set.of(INPUT)).get(INPUT).offset();
  }

  /** Waits until exactly these keys of this test are there; a record too many is met on the way. */
  private void awaitKeys(String... keys) {
    List<String> found = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(100))) {
                String key = new String(record.key(), UTF_8);
                if (key.startsWith(id)) {
                  found.add(key.substring(id.length()));
                }
              }
              assertThat(found).containsExactlyInAnyOrder(keys);
            });
  }
}
