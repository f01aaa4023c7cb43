package io.histoflow.review.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
   * @throws RecordGoneException where none lies there any more
   * @throws RecordUnreachableException where Kafka did not answer in time
   */
  public ConsumerRecord<byte[], byte[]> read(RecordPosition position)
      throws RecordGoneException, RecordUnreachableException {
    // While Kafka does not answer, requests must not pile up behind each other.
    if (!acquired()) {
      throw late(position);
    }
    try {
      return readAlone(position);
    } catch (OffsetOutOfRangeException e) {
      throw gone(position);
    } catch (KafkaException e) {
      throw new RecordUnreachableException(
          "The record at " + position + " cannot be read from Kafka now: " + e.getMessage(), e);
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

  private ConsumerRecord<byte[], byte[]> readAlone(RecordPosition position)
      throws RecordGoneException, RecordUnreachableException {
    Instant deadline = Instant.now().plus(timeout);
    TopicPartition partition = new TopicPartition(position.topic(), position.partition());
    if (consumer.partitionsFor(position.topic(), timeout).size() <= position.partition()) {
      throw gone(position);
    }
    consumer.assign(List.of(partition));
    consumer.seek(partition, position.offset());
    while (Instant.now().isBefore(deadline)) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
        if (record.offset() == position.offset()) {
          return record;
        }
        throw gone(position);
      }
      if (consumer.position(partition, timeout) > position.offset()) {
        throw gone(position);
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

  private RecordUnreachableException late(RecordPosition position) {
    return new RecordUnreachableException(
        "Kafka did not give the record at "
            + position
            + " within "
            + timeout.toSeconds()
            + " s: try again.");
  }

  private static RecordGoneException gone(RecordPosition position) {
    return new RecordGoneException(
        "The record at " + position + " has expired: the topic no longer holds it.");
  }
}
