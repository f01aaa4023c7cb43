package io.histoflow.platform.letters;

import io.histoflow.platform.kafka.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One dead letter.
 *
 * @param id where it lies
 * @param record the record as it lies there
 */
public record DeadLetter(LetterId id, ConsumerRecord<byte[], byte[]> record) {
  private static final String NOT_NAMED = "not named";

  /** Returns the letter that a record on the dead-letter topic is. */
  public static DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
    return new DeadLetter(new LetterId(record.partition(), record.offset()), record);
  }

  /** The service that refused the record; "not named" where the letter does not say. */
  public String service() {
    return orNotNamed(DeadLetters.SERVICE);
  }

  /** Why, one sentence; "not named" where the letter does not say. */
  public String reason() {
    return orNotNamed(DeadLetters.MESSAGE);
  }

  /** The topic that the record came from; "not named" where the letter does not say. */
  public String topic() {
    return orNotNamed(DeadLetters.TOPIC);
  }

  /** Where the record came from, such as {@code 3@17}. */
  public String source() {
    return orNotNamed(DeadLetters.PARTITION) + "@" + orNotNamed(DeadLetters.OFFSET);
  }

  /** The record's key as text; empty where it has none. */
  public String key() {
    return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
  }

  /** When the refused record was written. */
  public Instant time() {
    return Instant.ofEpochMilli(record.timestamp());
  }

  /** The size of the record's value in bytes. */
  public int bytes() {
    return record.value() == null ? 0 : record.value().length;
  }

  private String orNotNamed(String header) {
    String text = DeadLetters.text(record.headers(), header);
    return text.isBlank() ? NOT_NAMED : text;
  }
}
