package io.histoflow.review.letters;

import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.Partitions;
import io.histoflow.platform.letters.DeadLetter;
import io.histoflow.platform.letters.LetterId;
import io.histoflow.platform.letters.LetterNote;
import io.histoflow.platform.letters.LetterRetry;
import io.histoflow.review.kafka.SharedConsumer;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads dead letters. Safe for use by several threads, one at a time. */
public final class LetterReader implements AutoCloseable {
  private static final String TOPIC = Topics.TILES_DEAD_LETTER.name();
  private static final String WHAT = "dead letters";
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int MOST_KEY_CHARS = 256;

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
  public LetterReader(Consumer<byte[], byte[]> consumer, Duration timeout) {
    this.consumer = new SharedConsumer(consumer, timeout);
    this.timeout = timeout;
  }

  /**
   * A letter without what it holds.
   *
   * @param id where it lies
   * @param reason why its record was refused; empty where it does not say
   * @param service who refused it; empty where it does not say
   * @param topic where the record came from; empty where it does not say
   * @param source partition and offset there, such as {@code 3@17}
   * @param key the record's key as text; empty where it has none
   * @param at when the record was written
   * @param bytes size of its value; 0 where it is not kept
   * @param obstacle why it cannot be published again, a sentence; empty where it can be
   */
  public record Letter(
      LetterId id,
      String reason,
      String service,
      String topic,
      String source,
      String key,
      Instant at,
      int bytes,
      Optional<String> obstacle) {}

  /**
   * Some letters.
   *
   * @param letters the letters, the newest records first
   * @param retried those letters of the topic's end that were published again
   * @param atMost how many letters there are at most: ends of transactions count among them
   * @param isWhole whether the newest of every partition could be read
   */
  public record Page(List<Letter> letters, Set<LetterId> retried, long atMost, boolean isWhole) {}

  /**
   * A letter with what it holds.
   *
   * @param letter the letter
   * @param retried whether it was published again
   */
  public record Found(DeadLetter letter, boolean retried) {}

  /**
   * Reads the newest letters.
   *
   * @param limit most letters, 1 or more
   * @throws RefusedException where Kafka did not answer in time
   */
  public Page newest(int limit) throws RefusedException {
    return consumer.alone(WHAT, alone -> newest(alone, limit));
  }

  /**
   * Reads a letter.
   *
   * @throws RefusedException where there is none, or Kafka did not answer in time
   */
  public DeadLetter read(LetterId id) throws RefusedException {
    return consumer.alone(WHAT, alone -> find(alone, id, false)).letter();
  }

  /**
   * Reads a letter, and from what was noted after it whether it was published again.
   *
   * @throws RefusedException where there is none, too much lies behind it, or Kafka did not answer
   *     in time
   */
  public Found readWithNotes(LetterId id) throws RefusedException {
    return consumer.alone(WHAT, alone -> find(alone, id, true));
  }

  @Override
  public void close() {
    consumer.close();
  }

  private Page newest(Consumer<byte[], byte[]> alone, int limit) {
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
    Set<LetterId> retried = new HashSet<>();
    long bytesRead = 0;
    boolean isWhole = true;
    while (isWhole && partitions.stream().anyMatch(p -> alone.position(p, timeout) < ends.get(p))) {
      for (ConsumerRecord<byte[], byte[]> record : alone.poll(POLL)) {
        bytesRead += Math.max(0, record.serializedValueSize());
        LetterNote.of(record)
            .ifPresentOrElse(
                note -> retried.addAll(note.letters()), () -> letters.add(letter(record)));
      }
      isWhole = bytesRead <= MOST_READ && Instant.now().isBefore(deadline);
    }
    letters.sort(Comparator.comparing(Letter::at).reversed());
    return new Page(letters.stream().limit(limit).toList(), retried, atMost, isWhole);
  }

  private Found find(Consumer<byte[], byte[]> alone, LetterId id, boolean withNotes)
      throws RefusedException {
    Instant deadline = Instant.now().plus(timeout);
    TopicPartition partition = new TopicPartition(TOPIC, id.partition());
    if (!Partitions.of(alone, TOPIC).contains(partition)) {
      throw gone(id);
    }
    List<TopicPartition> only = List.of(partition);
    alone.assign(only);
    long end = alone.endOffsets(only, timeout).get(partition);
    if (id.offset() >= end || id.offset() < alone.beginningOffsets(only, timeout).get(partition)) {
      throw gone(id);
    }
    alone.seek(partition, id.offset());
    DeadLetter letter = null;
    boolean retried = false;
    long bytesRead = 0;
    while (alone.position(partition, timeout) < end && (letter == null || withNotes)) {
      if (bytesRead > MOST_READ || !Instant.now().isBefore(deadline)) {
        throw letter == null ? consumer.late(WHAT) : tooFar(id);
      }
      for (ConsumerRecord<byte[], byte[]> record : alone.poll(POLL)) {
        Optional<LetterNote> note = LetterNote.of(record);
        if (letter == null) {
          letter = letterAt(id, record, note.isPresent());
        } else {
          bytesRead += Math.max(0, record.serializedValueSize());
          retried |= note.filter(of -> of.letters().contains(id)).isPresent();
        }
      }
    }
    if (letter == null) {
      throw gone(id);
    }
    return new Found(letter, retried);
  }

  /** The first record that is read must be the letter. */
  private static DeadLetter letterAt(
      LetterId id, ConsumerRecord<byte[], byte[]> record, boolean isNote) throws RefusedException {
    if (isNote || record.offset() != id.offset()) {
      throw gone(id);
    }
    return DeadLetter.of(record);
  }

  private static RefusedException gone(LetterId id) {
    return new RefusedException(
        Reason.RECORD_GONE,
        "There is no dead letter %s, or no longer: they are kept for %s days."
            .formatted(id, Topics.TILES_DEAD_LETTER.retention().toDays()));
  }

  private static RefusedException tooFar(LetterId id) {
    return new RefusedException(
        Reason.ALERT_CONFLICT,
        "So much was refused after letter %s that it cannot be told in time whether its record was published again: use 'histoflow dead-letters retry'."
            .formatted(id));
  }

  private static Letter letter(ConsumerRecord<byte[], byte[]> record) {
    DeadLetter letter = DeadLetter.of(record);
    return new Letter(
        letter.id(),
        text(record, DeadLetters.MESSAGE),
        text(record, DeadLetters.SERVICE),
        text(record, DeadLetters.TOPIC),
        text(record, DeadLetters.PARTITION) + "@" + text(record, DeadLetters.OFFSET),
        // Any bytes may have been sent as a key.
        shortened(letter.key()),
        letter.time(),
        letter.bytes(),
        LetterRetry.obstacle(letter, Optional.empty()));
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, String header) {
    return DeadLetters.text(record.headers(), header);
  }

  private static String shortened(String key) {
    return key.length() > MOST_KEY_CHARS ? key.substring(0, MOST_KEY_CHARS) + "…" : key;
  }
}
