package io.histoflow.platform.testing;

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
  private CommittedRecords() {}

  /** Returns the values on a topic, those of a partition in their order. */
  public static <V extends SpecificRecord> List<V> valuesOf(
      KafkaClients clients, TopicSpec<V> topic) {
    return of(clients, topic).stream().map(ConsumerRecord::value).toList();
  }

  /** Returns the records on a topic. */
  public static <V extends SpecificRecord> List<ConsumerRecord<String, V>> of(
      KafkaClients clients, TopicSpec<V> topic) {
    List<ConsumerRecord<String, V>> records = new ArrayList<>();
    try (Consumer<String, V> consumer = clients.consumer(topic, null, Map.of())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(info -> new TopicPartition(topic.name(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(50)).forEach(records::add);
      }
    }
    return records;
  }
}
