package io.histoflow.platform.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads what partitions of a topic hold by now, once. */
public final class PresentRecords {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private PresentRecords() {}

  /**
   * Hands over every record that lies in the partitions at this moment, in order within each, and
   * perhaps some that come meanwhile.
   *
   * @param consumer in no group; it is assigned these partitions
   * @param partitions of one topic; none where there is nothing to read
   * @throws TimeoutException where the brokers give nothing for half a minute; says so in a
   *     sentence
   */
  public static void read(
      Consumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> handler) {
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    long last = System.nanoTime();
    while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        last = System.nanoTime();
        handler.accept(record);
      }
      if (System.nanoTime() - last > PATIENCE.toNanos()) {
        throw new TimeoutException(
            "Topic %s cannot be read: the brokers gave nothing for %d s; check that they run."
                .formatted(partitions.get(0).topic(), PATIENCE.toSeconds()));
      }
    }
  }
}
