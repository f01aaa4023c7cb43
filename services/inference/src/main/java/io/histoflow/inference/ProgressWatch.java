package io.histoflow.inference;

import io.histoflow.platform.kafka.Partitions;
import io.histoflow.schemas.TextRule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Knows of each partition which record has been in work longest, so that one that gets no further
 * is named, as is a partition of which nobody learns where to go on. Written by one thread, read by
 * any.
 */
final class ProgressWatch {
  private static final TextRule SHOWN = TextRule.id("key");

  private final Duration patience;
  private final LongSupplier nanoTime;
  private final Map<TopicPartition, Oldest> oldest = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Long> unknownSince = new ConcurrentHashMap<>();

  ProgressWatch(Duration patience, LongSupplier nanoTime) {
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  private record Oldest(long offset, String key, long sinceNanos) {}

  /** Notes that a partition is this worker's and that it is not known yet where to go on. */
  void assigned(TopicPartition partition) {
    unknownSince.put(partition, nanoTime.getAsLong());
  }

  /** Notes of which partitions it is known where to go on. */
  void known(Set<TopicPartition> partitions) {
    unknownSince.keySet().removeAll(partitions);
  }

  /** Notes that a record is in work, or waits for its turn. */
  void begins(ConsumerRecord<byte[], byte[]> record) {
    begins(Partitions.of(record), record.offset(), shown(record.key()));
  }

  /** Notes that what lies at an offset is in work, though nobody knows what it is. */
  void begins(TopicPartition partition, long offset, String key) {
    Oldest before = oldest.get(partition);
    if (before == null || before.offset > offset) {
      oldest.put(partition, new Oldest(offset, key, nanoTime.getAsLong()));
    } else if (before.offset == offset && before.key.isEmpty()) {
      oldest.put(partition, new Oldest(offset, key, before.sinceNanos));
    }
  }

  /** Notes that everything before an offset of a partition is answered. */
  void answered(TopicPartition partition, long following) {
    Oldest before = oldest.get(partition);
    if (before != null && before.offset < following) {
      oldest.remove(partition);
    }
  }

  /** Notes that a partition is another worker's. */
  void left(TopicPartition partition) {
    oldest.remove(partition);
    unknownSince.remove(partition);
  }

  /**
   * Names the record, else the partition, that has got no further for too long, if there is one.
   */
  Optional<String> stalled() {
    long now = nanoTime.getAsLong();
    return stalledRecord(now).or(() -> unknownPartition(now));
  }

  private Optional<String> unknownPartition(long now) {
    return unknownSince.entrySet().stream()
        .filter(entry -> now - entry.getValue() > patience.toNanos())
        .max(Comparator.comparingLong(entry -> now - entry.getValue()))
        .map(
            entry ->
                ("There is no progress: the brokers have not said for %s s what is committed for"
                        + " topic %s, partition %s; a transaction of a former worker may not have"
                        + " ended.")
                    .formatted(
                        Duration.ofNanos(now - entry.getValue()).toSeconds(),
                        entry.getKey().topic(),
                        entry.getKey().partition()));
  }

  private Optional<String> stalledRecord(long now) {
    return oldest.entrySet().stream()
        .filter(entry -> now - entry.getValue().sinceNanos > patience.toNanos())
        .max(Comparator.comparingLong(entry -> now - entry.getValue().sinceNanos))
        .map(
            entry ->
                ("There is no progress: the record of topic %s, partition %s, offset %s%s has been"
                        + " in work for %s s; the log says what it waits for.")
                    .formatted(
                        entry.getKey().topic(),
                        entry.getKey().partition(),
                        entry.getValue().offset,
                        entry.getValue().key,
                        Duration.ofNanos(now - entry.getValue().sinceNanos).toSeconds()));
  }

  /** A scanner may write anything there. */
  private static String shown(byte[] key) {
    if (key == null) {
      return "";
    }
    String text = new String(key, StandardCharsets.UTF_8);
    return SHOWN.fault(text).isPresent() ? " (its key is no name)" : " (tile " + text + ")";
  }
}
