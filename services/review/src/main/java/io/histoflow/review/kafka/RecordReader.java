package io.histoflow.review.kafka;

import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads single records by their position. Safe for use by several threads, one of which reads at a
 * time.
 */
public final class RecordReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<byte[], byte[]> consumer;
  private final Duration timeout;
  private final ReentrantLock lock = new ReentrantLock(true);

  /**
   * Takes over a consumer.
   *
   * @param consumer of no group, with {@code auto.offset.reset=none} and {@code max.poll.records=1}
   * @param timeout how long one reading may take
   */
  public RecordReader(Consumer<byte[], byte[]> consumer, Duration timeout) {
    this.consumer = consumer;
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
    // While Kafka does not answer, requests must not pile up behind each other.
    if (!acquired()) {
      throw late(position);
    }
    try {
      return readAlone(position);
    } catch (OffsetOutOfRangeException e) {
      return Optional.empty();
    } catch (KafkaException e) {
      throw new RefusedException(
          Reason.UNREACHABLE,
          "The record at " + position + " cannot be read from Kafka now: " + e.getMessage(),
          e);
    } finally {
      // What was fetched ahead is of no use and may be large.
      consumer.unsubscribe();
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      consumer.close();
    } finally {
      lock.unlock();
    }
  }

  private Optional<ConsumerRecord<byte[], byte[]>> readAlone(RecordPosition position)
      throws RefusedException {
    Instant deadline = Instant.now().plus(timeout);
    TopicPartition partition = new TopicPartition(position.topic(), position.partition());
    if (consumer.partitionsFor(position.topic(), timeout).size() <= position.partition()) {
      return Optional.empty();
    }
    consumer.assign(List.of(partition));
    consumer.seek(partition, position.offset());
    while (Instant.now().isBefore(deadline)) {
      List<ConsumerRecord<byte[], byte[]>> polled = consumer.poll(POLL).records(partition);
      if (!polled.isEmpty()) {
        return Optional.of(polled.get(0)).filter(record -> record.offset() == position.offset());
      }
      if (consumer.position(partition, timeout) > position.offset()) {
        return Optional.empty();
      }
    }
    throw late(position);
  }

  private boolean acquired() {
    try {
      return lock.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private RefusedException late(RecordPosition position) {
    return new RefusedException(
        Reason.UNREACHABLE,
        "Kafka did not give the record at %s within %s s: try again."
            .formatted(position, timeout.toSeconds()));
  }
}
