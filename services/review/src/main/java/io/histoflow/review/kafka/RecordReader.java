package io.histoflow.review.kafka;

import io.histoflow.review.refusal.RefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads single records by their position. Safe for use by several threads, one of which reads at a
 * time.
 */
public final class RecordReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final SharedConsumer consumer;
  private final Duration timeout;

  /**
   * Takes over a consumer.
   *
   * @param consumer of no group, with {@code auto.offset.reset=none} and {@code max.poll.records=1}
   * @param timeout how long one reading may take
   */
  public RecordReader(Consumer<byte[], byte[]> consumer, Duration timeout) {
    this.consumer = new SharedConsumer(consumer, timeout);
    this.timeout = timeout;
  }

  /**
   * Reads the record at a position.
   *
   * @return the record; empty where none lies there any more
   * @throws RefusedException where Kafka did not answer in time
   */
  public Optional<ConsumerRecord<byte[], byte[]>> read(RecordPosition position)
      throws RefusedException {
    return consumer.alone(what(position), alone -> read(alone, position));
  }

  @Override
  public void close() {
    consumer.close();
  }

  private Optional<ConsumerRecord<byte[], byte[]>> read(
      Consumer<byte[], byte[]> alone, RecordPosition position) throws RefusedException {
    try {
      return readAt(alone, position);
    } catch (OffsetOutOfRangeException e) {
      return Optional.empty();
    }
  }

  private Optional<ConsumerRecord<byte[], byte[]>> readAt(
      Consumer<byte[], byte[]> alone, RecordPosition position) throws RefusedException {
    Instant deadline = Instant.now().plus(timeout);
    TopicPartition partition = new TopicPartition(position.topic(), position.partition());
    if (alone.partitionsFor(position.topic(), timeout).size() <= position.partition()) {
      return Optional.empty();
    }
    alone.assign(List.of(partition));
    alone.seek(partition, position.offset());
    while (Instant.now().isBefore(deadline)) {
      List<ConsumerRecord<byte[], byte[]>> polled = alone.poll(POLL).records(partition);
      if (!polled.isEmpty()) {
        return Optional.of(polled.get(0)).filter(record -> record.offset() == position.offset());
      }
      if (alone.position(partition, timeout) > position.offset()) {
        return Optional.empty();
      }
    }
    throw consumer.late(what(position));
  }

  private static String what(RecordPosition position) {
    return "record at " + position;
  }
}
