package io.histoflow.review.audit;

import io.histoflow.review.kafka.SharedConsumer;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.RegistryUnavailableException;
import io.histoflow.schemas.ReviewAct;
import io.histoflow.schemas.ReviewActKind;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads what people did, the newest first. Safe for use by several threads, one at a time. */
public final class AuditReader implements AutoCloseable {
  private static final TopicPartition PARTITION =
      new TopicPartition(Topics.REVIEWERS_ACTS.name(), 0);
  private static final String WHAT = "audit";
  private static final Duration POLL = Duration.ofMillis(200);
  // An act has some hundred bytes.
  private static final int MOST_BYTES = 16 << 10;

  private final SharedConsumer consumer;
  private final Deserializer<ReviewAct> deserializer;
  private final Duration timeout;

  /**
   * Takes over a consumer and a deserializer.
   *
   * @param consumer of no group, that reads what was committed
   * @param timeout how long one reading may take
   */
  public AuditReader(
      Consumer<byte[], byte[]> consumer, Deserializer<ReviewAct> deserializer, Duration timeout) {
    this.consumer = new SharedConsumer(consumer, timeout);
    this.deserializer = deserializer;
    this.timeout = timeout;
  }

  /**
   * Some acts, the newest first.
   *
   * @param acts the acts; UNKNOWN stands for a record that cannot be read
   * @param next to be given for older ones; empty where there are none
   */
  public record Page(List<ReviewAct> acts, OptionalLong next) {}

  /**
   * Reads a page.
   *
   * @param before {@code next} of the page before; empty for the newest
   * @param limit most acts, 1 or more
   * @throws RefusedException where Kafka or the registry did not answer in time
   */
  public Page page(OptionalLong before, int limit) throws RefusedException {
    return consumer.alone(WHAT, alone -> page(alone, before, limit));
  }

  @Override
  public void close() {
    consumer.close();
    deserializer.close();
  }

  private Page page(Consumer<byte[], byte[]> alone, OptionalLong before, int limit)
      throws RefusedException {
    Instant deadline = Instant.now().plus(timeout);
    List<TopicPartition> partition = List.of(PARTITION);
    alone.assign(partition);
    long begin = alone.beginningOffsets(partition, timeout).get(PARTITION);
    long end = alone.endOffsets(partition, timeout).get(PARTITION);
    long to = Math.min(before.orElse(end), end);
    List<ReviewAct> acts = new ArrayList<>();
    while (acts.size() < limit && to > begin) {
      // A transaction's end takes an offset, too.
      long from = Math.max(begin, to - 2L * (limit - acts.size()));
      List<ConsumerRecord<byte[], byte[]>> records = read(alone, from, to, deadline);
      for (int i = records.size() - 1; i >= 0 && acts.size() < limit; i--) {
        acts.add(act(records.get(i)));
        to = records.get(i).offset();
      }
      if (acts.size() < limit) {
        to = from;
      }
    }
    return new Page(acts, to > begin ? OptionalLong.of(to) : OptionalLong.empty());
  }

  private List<ConsumerRecord<byte[], byte[]>> read(
      Consumer<byte[], byte[]> alone, long from, long to, Instant deadline)
      throws RefusedException {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    alone.seek(PARTITION, from);
    while (alone.position(PARTITION, timeout) < to) {
      if (!Instant.now().isBefore(deadline)) {
        throw consumer.late(WHAT);
      }
      for (ConsumerRecord<byte[], byte[]> record : alone.poll(POLL).records(PARTITION)) {
        if (record.offset() < to) {
          records.add(record);
        }
      }
    }
    return records;
  }

  private ReviewAct act(ConsumerRecord<byte[], byte[]> record) throws RefusedException {
    try {
      if (record.value() != null && record.value().length <= MOST_BYTES) {
        return deserializer.deserialize(record.topic(), record.value());
      }
    } catch (RegistryUnavailableException e) {
      throw RefusedException.registryAway(e);
    } catch (MalformedRecordException e) {
      // Said below: that there is something is part of the audit.
    }
    return ReviewAct.newBuilder()
        .setKind(ReviewActKind.UNKNOWN)
        .setReviewer("")
        .setAt(Instant.ofEpochMilli(record.timestamp()))
        .setDetail("The record at offset " + record.offset() + " cannot be read.")
        .setWorkerId("")
        .build();
  }
}
