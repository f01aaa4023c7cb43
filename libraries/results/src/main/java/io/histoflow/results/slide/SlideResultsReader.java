package io.histoflow.results.slide;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.Partitions;
import io.histoflow.platform.kafka.PresentRecords;
import io.histoflow.results.slide.SlideException.Reason;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads what the topics say of one slide by now, in no group and beside everybody else. */
public final class SlideResultsReader {
  /** Records may have 10 MB: few are in memory at a time. */
  private static final int RECORDS_AT_A_TIME = 100;

  private final KafkaClients clients;

  /** Makes the reader; it connects when it reads. */
  public SlideResultsReader(KafkaClients clients) {
    this.clients = clients;
  }

  /** Receives a record of the slide; a null value is a tombstone. */
  private interface Handler<V> {
    void on(ConsumerRecord<byte[], byte[]> record, V value);
  }

  /** Says whether the record of a key is wanted. */
  private interface Keys {
    boolean include(byte[] key);
  }

  /**
   * Reads a slide.
   *
   * @return its results, which the caller closes
   * @throws SlideException where it is not known, its tiles make no one picture, or the brokers do
   *     not answer
   */
  public SlideResults read(String slideId) {
    byte[] key = slideId.getBytes(UTF_8);
    Keys slide = other -> Arrays.equals(other, key);
    try {
      AtomicReference<SlideScanned> manifest = new AtomicReference<>();
      // As producers place a key.
      read(
          Topics.SLIDES_SCANNED,
          count -> Set.of(Partitions.ofKey(key, count)),
          slide,
          (record, value) -> manifest.set(value));
      SlideGatherer gatherer = new SlideGatherer(slideId, Optional.ofNullable(manifest.get()));
      try {
        read(
            Topics.TILES_SEGMENTED,
            count -> Set.of(Partitions.ofKey(key, count)),
            slide,
            (record, value) -> {
              if (value != null) {
                gatherer.add(value, record.partition(), record.offset());
              }
            });
        read(
            Topics.MASKS_CORRECTED,
            gatherer::partitions,
            tile -> gatherer.has(new String(tile, UTF_8)),
            (record, value) -> gatherer.judge(new String(record.key(), UTF_8), value));
        return gatherer.results();
      } catch (RuntimeException e) {
        gatherer.close();
        throw e;
      }
    } catch (TimeoutException e) {
      throw new SlideException(Reason.UNREACHABLE, e.getMessage(), e);
    } catch (KafkaException e) {
      throw new SlideException(
          Reason.UNREACHABLE,
          "The results of slide %s cannot be read from Kafka: %s"
              .formatted(slideId, e.getMessage()),
          e);
    }
  }

  private <V extends SpecificRecord> void read(
      TopicSpec<V> topic, Places places, Keys keys, Handler<V> handler) {
    try (Consumer<byte[], byte[]> consumer =
            clients.bytesConsumer(
                null, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_AT_A_TIME));
        Deserializer<V> values = clients.deserializer(topic)) {
      List<TopicPartition> all = Partitions.of(consumer, topic.name());
      Set<Integer> wanted = places.of(all.size());
      List<TopicPartition> partitions =
          all.stream().filter(partition -> wanted.contains(partition.partition())).toList();
      PresentRecords.read(
          consumer,
          partitions,
          record -> {
            if (record.key() != null && keys.include(record.key())) {
              hand(record, values, handler);
            }
          });
    }
  }

  /** Who writes or follows the topic sends a dead letter; here it is passed over. */
  private static <V> void hand(
      ConsumerRecord<byte[], byte[]> record, Deserializer<V> values, Handler<V> handler) {
    V value;
    try {
      value = record.value() == null ? null : values.deserialize(record.topic(), record.value());
    } catch (MalformedRecordException e) {
      return;
    }
    handler.on(record, value);
  }

  /** Names the partitions of a topic that may hold what is wanted. */
  private interface Places {
    Set<Integer> of(int partitions);
  }

  /** Returns the partitions of a topic that the records of these keys lie in. */
  static Set<Integer> partitions(Set<String> keys, int partitions) {
    Set<Integer> places = new HashSet<>();
    for (String key : keys) {
      places.add(Partitions.ofKey(key.getBytes(UTF_8), partitions));
    }
    return places;
  }
}
