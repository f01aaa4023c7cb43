package io.histoflow.platform.kafka;

import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/** Names partitions. */
public final class Partitions {
  private Partitions() {}

  /** Returns where a record lies. */
  public static TopicPartition of(ConsumerRecord<?, ?> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  /** Asks the brokers for the partitions of a topic; none where there is no such topic. */
  public static List<TopicPartition> of(Consumer<?, ?> consumer, String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  /**
   * Returns the number of the partition that producers place a key in: murmur2 as in Kafka's own
   * partitioner.
   *
   * @param partitions how many the topic has
   */
  public static int ofKey(byte[] key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }
}
