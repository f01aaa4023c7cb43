package io.histoflow.inference;

import io.histoflow.platform.kafka.Partitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads a stretch of each of some partitions, and then is done. Belongs to one thread. */
final class BoundedReader {
  private final Consumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> ends;
  private final Set<TopicPartition> open;

  /**
   * @param consumer in no group; reads from the earliest where a start is no more
   * @param starts offset of the first record to read in each partition
   * @param ends offset before which reading ends in each of them
   */
  BoundedReader(
      Consumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> starts,
      Map<TopicPartition, Long> ends) {
    this.consumer = consumer;
    this.ends = Map.copyOf(ends);
    this.open = new HashSet<>(starts.keySet());
    consumer.assign(starts.keySet());
    starts.forEach(consumer::seek);
  }

  /** Reads what is committed on a whole topic by now. */
  static BoundedReader wholeTopic(Consumer<byte[], byte[]> consumer, String topic) {
    List<TopicPartition> partitions = Partitions.of(consumer, topic);
    consumer.assign(partitions);
    return new BoundedReader(
        consumer, consumer.beginningOffsets(partitions), consumer.endOffsets(partitions));
  }

  /** Says whether everything was read. */
  boolean isDone() {
    open.removeIf(
        partition -> {
          boolean ended = consumer.position(partition) >= ends.get(partition);
          if (ended) {
            consumer.pause(Set.of(partition));
          }
          return ended;
        });
    return open.isEmpty();
  }

  /** Returns the next records, none where none came in time. */
  List<ConsumerRecord<byte[], byte[]>> poll(Duration wait) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
      if (record.offset() < ends.get(Partitions.of(record))) {
        records.add(record);
      }
    }
    return records;
  }
}
