package io.histoflow.review.correction;

import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.RegistryUnavailableException;
import io.histoflow.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Finds verdicts that were published, by whichever review service. Safe for use by several threads,
 * one of which reads at a time.
 */
public final class PublishedVerdicts implements AutoCloseable {
  private static final String TOPIC = Topics.MASKS_CORRECTED.name();
  private static final Duration POLL = Duration.ofMillis(200);

  /** Clocks of two services differ. */
  private static final Duration BEFORE = Duration.ofMinutes(1);

  /** Of many verdicts in that time the first are read: each may hold an image of 8 MiB. */
  private static final int MOST_RECORDS = 200;

  private final Consumer<byte[], byte[]> consumer;
  private final Deserializer<MaskCorrected> deserializer;
  private final Duration timeout;
  private final ReentrantLock lock = new ReentrantLock(true);

  /**
   * Takes over a consumer and a deserializer.
   *
   * @param consumer of no group, that reads what was committed
   * @param timeout how long one search may take
   */
  public PublishedVerdicts(
      Consumer<byte[], byte[]> consumer,
      Deserializer<MaskCorrected> deserializer,
      Duration timeout) {
    this.consumer = consumer;
    this.deserializer = deserializer;
    this.timeout = timeout;
  }

  /**
   * Finds the verdict that closed an alert.
   *
   * @param tileId the tile
   * @param closedAt when its alert was closed
   * @return the verdict; empty where none is found, as where the alert was withdrawn
   * @throws RefusedException where Kafka or the registry did not answer in time
   */
  public Optional<MaskCorrected> find(String tileId, Instant closedAt) throws RefusedException {
    if (!acquired()) {
      throw late(tileId);
    }
    try {
      return verdict(tileId, record(tileId.getBytes(StandardCharsets.UTF_8), closedAt));
    } catch (KafkaException e) {
      throw new RefusedException(
          Reason.UNREACHABLE,
          "The verdict on tile " + tileId + " cannot be read from Kafka now: " + e.getMessage(),
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
      deserializer.close();
    } finally {
      lock.unlock();
    }
  }

  private Optional<ConsumerRecord<byte[], byte[]>> record(byte[] key, Instant closedAt) {
    // As producers place a key.
    int partitions = consumer.partitionsFor(TOPIC, timeout).size();
    TopicPartition partition =
        new TopicPartition(TOPIC, Utils.toPositive(Utils.murmur2(key)) % partitions);
    long from = closedAt.minus(BEFORE).toEpochMilli();
    OffsetAndTimestamp start =
        consumer.offsetsForTimes(Map.of(partition, from), timeout).get(partition);
    if (start == null) {
      return Optional.empty();
    }
    consumer.assign(List.of(partition));
    consumer.seek(partition, start.offset());
    long end = consumer.endOffsets(List.of(partition), timeout).get(partition);
    Instant deadline = Instant.now().plus(timeout);
    Optional<ConsumerRecord<byte[], byte[]>> found = Optional.empty();
    for (int read = 0;
        read < MOST_RECORDS
            && consumer.position(partition, timeout) < end
            && Instant.now().isBefore(deadline); ) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
        read++;
        if (record.value() != null && Arrays.equals(record.key(), key)) {
          found = Optional.of(record);
        }
      }
    }
    return found;
  }

  private Optional<MaskCorrected> verdict(
      String tileId, Optional<ConsumerRecord<byte[], byte[]>> record) throws RefusedException {
    try {
      return record.map(r -> deserializer.deserialize(r.topic(), r.value()));
    } catch (RegistryUnavailableException e) {
      throw new RefusedException(
          Reason.UNREACHABLE, "The schema registry cannot be asked now: " + e.getMessage(), e);
    } catch (MalformedRecordException e) {
      throw new RefusedException(
          Reason.RECORD_UNREADABLE,
          "The verdict on tile " + tileId + " cannot be read: " + e.getMessage(),
          e);
    }
  }

  private boolean acquired() {
    try {
      return lock.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private RefusedException late(String tileId) {
    return new RefusedException(
        Reason.UNREACHABLE,
        "Kafka did not give the verdict on tile %s within %s s: try again."
            .formatted(tileId, timeout.toSeconds()));
  }
}
