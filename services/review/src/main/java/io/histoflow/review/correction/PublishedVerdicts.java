package io.histoflow.review.correction;

import io.histoflow.platform.kafka.Partitions;
import io.histoflow.review.kafka.SharedConsumer;
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
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

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

  private final SharedConsumer consumer;
  private final Deserializer<MaskCorrected> deserializer;
  private final Duration timeout;

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
    this.consumer = new SharedConsumer(consumer, timeout);
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
    return consumer.alone(what(tileId), alone -> verdict(tileId, record(alone, tileId, closedAt)));
  }

  @Override
  public void close() {
    consumer.close();
    deserializer.close();
  }

  private Optional<ConsumerRecord<byte[], byte[]>> record(
      Consumer<byte[], byte[]> alone, String tileId, Instant closedAt) throws RefusedException {
    byte[] key = tileId.getBytes(StandardCharsets.UTF_8);
    int partitions = alone.partitionsFor(TOPIC, timeout).size();
    TopicPartition partition = new TopicPartition(TOPIC, Partitions.ofKey(key, partitions));
    long from = closedAt.minus(BEFORE).toEpochMilli();
    OffsetAndTimestamp start =
        alone.offsetsForTimes(Map.of(partition, from), timeout).get(partition);
    if (start == null) {
      return Optional.empty();
    }
    alone.assign(List.of(partition));
    alone.seek(partition, start.offset());
    long end = alone.endOffsets(List.of(partition), timeout).get(partition);
    Instant deadline = Instant.now().plus(timeout);
    Optional<ConsumerRecord<byte[], byte[]>> found = Optional.empty();
    for (int read = 0; read < MOST_RECORDS && alone.position(partition, timeout) < end; ) {
      if (!Instant.now().isBefore(deadline)) {
        // Whether there is one is not known, and what was found may not be the last.
        throw consumer.late(what(tileId));
      }
      for (ConsumerRecord<byte[], byte[]> record : alone.poll(POLL).records(partition)) {
        read++;
        if (record.value() != null && Arrays.equals(record.key(), key)) {
          found = Optional.of(record);
        }
      }
    }
    return found;
  }

  private static String what(String tileId) {
    return "verdict on tile " + tileId;
  }

  private Optional<MaskCorrected> verdict(
      String tileId, Optional<ConsumerRecord<byte[], byte[]>> record) throws RefusedException {
    try {
      return record.map(r -> deserializer.deserialize(r.topic(), r.value()));
    } catch (RegistryUnavailableException e) {
      throw RefusedException.registryAway(e);
    } catch (MalformedRecordException e) {
      throw new RefusedException(
          Reason.RECORD_UNREADABLE,
          "The verdict on tile " + tileId + " cannot be read: " + e.getMessage(),
          e);
    }
  }
}
