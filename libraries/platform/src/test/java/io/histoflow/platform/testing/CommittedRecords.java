package io.histoflow.platform.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What is committed on a topic by now. */
public final class CommittedRecords {
  private static final Duration POLL = Duration.ofMillis(50);

  private CommittedRecords() {}

  /** Returns the values on a topic, those of a partition in their order. */
  public static <V extends SpecificRecord> List<V> valuesOf(
      KafkaClients clients, TopicSpec<V> topic) {
    return of(clients, topic).stream().map(ConsumerRecord::value).toList();
  }

  /** Returns the records on a topic. */
  public static <V extends SpecificRecord> List<ConsumerRecord<String, V>> of(
      KafkaClients clients, TopicSpec<V> topic) {
    try (Consumer<String, V> consumer = clients.consumer(topic, null, Map.of())) {
      assignFromBeginning(consumer, topic.name());
      return pollToEnd(consumer);
    }
  }

  /** Returns the records on a topic that have a key, as bytes, the oldest first. */
  public static List<ConsumerRecord<byte[], byte[]>> withKey(
      KafkaClients clients, String topic, String key) {
    try (TopicLog log = new TopicLog(clients, topic)) {
      return log.read().stream()
          .filter(record -> record.key() != null && key.equals(new String(record.key(), UTF_8)))
          .toList();
    }
  }

  /** Has a consumer read all partitions of a topic from their beginning on. */
  static void assignFromBeginning(Consumer<?, ?> consumer, String topic) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Returns what a consumer has not read yet of its partitions, up to their end at this moment. */
  static <K, V> List<ConsumerRecord<K, V>> pollToEnd(Consumer<K, V> consumer) {
    List<ConsumerRecord<K, V>> records = new ArrayList<>();
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      consumer.poll(POLL).forEach(records::add);
    }
    return records;
  }
}
