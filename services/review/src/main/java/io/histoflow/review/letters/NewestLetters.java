package io.histoflow.review.letters;

import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.Partitions;
import io.histoflow.review.kafka.SharedConsumer;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the newest dead letters, without what they hold. Safe for use by several threads, one at a
 * time.
 */
public final class NewestLetters implements AutoCloseable {
  private static final String TOPIC = Topics.TILES_DEAD_LETTER.name();
  private static final String WHAT = "dead letters";
  private static final Duration POLL = Duration.ofMillis(200);

  /** Most bytes of letters that are read for one answer: each holds the record that was refused. */
  private static final long MOST_READ = 64 << 20;

  private final SharedConsumer consumer;
  private final Duration timeout;

  /**
   * Takes over a consumer.
   *
   * @param consumer of no group, that reads what was committed
   * @param timeout how long one reading may take
   */
  public NewestLetters(Consumer<byte[], byte[]> consumer, Duration timeout) {
    this.consumer = new SharedConsumer(consumer, timeout);
    this.timeout = timeout;
  }

  /**
   * A letter.
   *
   * @param id where it lies, such as {@code 0@17}
   * @param reason why its record was refused; empty where it does not say
   * @param service who refused it; empty where it does not say
   * @param topic where the record came from; empty where it does not say
   * @param source partition and offset there, such as {@code 3@17}
   * @param key the record's key as text; empty where it has none
   * @param at when the record was written
   * @param bytes size of its value; 0 where it is not kept
   */
  public record Letter(
      String id,
      String reason,
      String service,
      String topic,
      String source,
      String key,
      Instant at,
      int bytes) {}

  /**
   * Some letters.
   *
   * @param letters the letters, the newest records first
   * @param atMost how many letters there are at most: ends of transactions count among them
   * @param isWhole whether the newest of every partition could be read
   */
  public record Page(List<Letter> letters, long atMost, boolean isWhole) {}

  /**
   * Reads the newest letters.
   *
   * @param limit most letters, 1 or more
   * @throws RefusedException where Kafka did not answer in time
   */
  public Page read(int limit) throws RefusedException {
    return consumer.alone(WHAT, alone -> read(alone, limit));
  }

  @Override
  public void close() {
    consumer.close();
  }

  private Page read(Consumer<byte[], byte[]> alone, int limit) {
    Instant deadline = Instant.now().plus(timeout);
    List<TopicPartition> partitions = Partitions.of(alone, TOPIC);
    alone.assign(partitions);
    Map<TopicPartition, Long> begins = alone.beginningOffsets(partitions, timeout);
    Map<TopicPartition, Long> ends = alone.endOffsets(partitions, timeout);
    long atMost = 0;
    for (TopicPartition partition : partitions) {
      long begin = begins.get(partition);
      long end = ends.get(partition);
      atMost += end - begin;
      // Each letter may end a transaction of its own, whose end takes an offset too.
      alone.seek(partition, Math.max(begin, end - 2L * limit));
    }
    List<Letter> letters = new ArrayList<>();
    long bytesRead = 0;
    boolean isWhole = true;
    while (isWhole && partitions.stream().anyMatch(p -> alone.position(p, timeout) < ends.get(p))) {
      for (ConsumerRecord<byte[], byte[]> record : alone.poll(POLL)) {
        bytesRead += Math.max(0, record.serializedValueSize());
        if (!isNote(record)) {
          letters.add(letter(record));
        }
      }
      isWhole = bytesRead <= MOST_READ && Instant.now().isBefore(deadline);
    }
    letters.sort(Comparator.comparing(Letter::at).reversed());
    return new Page(letters.stream().limit(limit).toList(), atMost, isWhole);
  }

  /** What notes that letters were published again holds no record and no reason. */
  private static boolean isNote(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null
        && record.value() == null
        && DeadLetters.text(record.headers(), DeadLetters.TOPIC).isEmpty();
  }

  private static Letter letter(ConsumerRecord<byte[], byte[]> record) {
    return new Letter(
        record.partition() + "@" + record.offset(),
        DeadLetters.text(record.headers(), DeadLetters.MESSAGE),
        DeadLetters.text(record.headers(), DeadLetters.SERVICE),
        DeadLetters.text(record.headers(), DeadLetters.TOPIC),
        DeadLetters.text(record.headers(), DeadLetters.PARTITION)
            + "@"
            + DeadLetters.text(record.headers(), DeadLetters.OFFSET),
        shortKey(record.key()),
        Instant.ofEpochMilli(record.timestamp()),
        record.value() == null ? 0 : record.value().length);
  }

  private static String shortKey(byte[] key) {
    if (key == null) {
      return "";
    }
    // Any bytes may have been sent as a key.
    String text = new String(key, 0, Math.min(key.length, 256), StandardCharsets.UTF_8);
    return key.length > 256 ? text + "…" : text;
  }
}
