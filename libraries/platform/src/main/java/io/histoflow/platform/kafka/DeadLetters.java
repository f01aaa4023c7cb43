package io.histoflow.platform.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Makes dead-letter records: the source record's key, value, timestamp and headers as they were,
 * and why it could not be used in the headers that Kafka Streams writes too (KIP-1034), each a
 * UTF-8 string. The stack trace is left out: the reason is a sentence.
 */
public final class DeadLetters {
  /** What the name of each of these headers begins with. */
  public static final String PREFIX = "__streams.errors.";

  /** The exception: its type and message. */
  public static final String EXCEPTION = PREFIX + "exception";

  /** Why the record could not be used, one sentence. */
  public static final String MESSAGE = PREFIX + "message";

  /** The topic that the record came from. */
  public static final String TOPIC = PREFIX + "topic";

  /** The partition that the record came from, a decimal number. */
  public static final String PARTITION = PREFIX + "partition";

  /** The offset that the record came from, a decimal number. */
  public static final String OFFSET = PREFIX + "offset";

  /** The service that refused the record: a word such as {@code inference}. */
  public static final String SERVICE = "histoflow.refused.by";

  private static final int MAX_TEXT_CHARS = 2000;

  /** What the headers of this class and Kafka's own framing take at most. */
  private static final int HEADROOM = 64 << 10;

  private static final int MOST_BYTES = Topics.TILES_DEAD_LETTER.maxMessageBytes() - HEADROOM;

  private DeadLetters() {}

  /**
   * Makes the dead-letter record of a record that cannot be used. Where the record is larger than
   * the dead-letter topic allows, its value and its own headers are left out, and the key if need
   * be, and the message says so.
   *
   * @param source the record, as it was read
   * @param why the reason
   * @param service the service that refuses it
   * @return the record to send, in the same transaction as the source's offset where there is one
   */
  public static ProducerRecord<byte[], byte[]> of(
      ConsumerRecord<byte[], byte[]> source, Throwable why, String service) {
    long bytes = bytes(source);
    if (bytes > MOST_BYTES) {
      return bare(
          source,
          source.key() != null && source.key().length <= MOST_BYTES ? source.key() : null,
          why,
          Sentences.of(why) + " Its " + bytes + " bytes are too many to be kept here.",
          service);
    }
    Headers headers = new RecordHeaders();
    for (Header header : source.headers()) {
      if (!header.key().startsWith(PREFIX) && !header.key().equals(SERVICE)) {
        headers.add(header);
      }
    }
    describe(headers, source, why, Sentences.of(why), service);
    return new ProducerRecord<>(
        Topics.TILES_DEAD_LETTER.name(),
        null,
        source.timestamp() < 0 ? null : source.timestamp(),
        source.key(),
        source.value(),
        headers);
  }

  /**
   * Makes the dead-letter record of a record whose bytes cannot be handed on: they cannot be read,
   * or the brokers refuse them. It says where the record lies and why.
   *
   * @param source where the record lies
   * @param why the reason
   * @param service the service that refuses it
   * @return the record to send
   */
  public static ProducerRecord<byte[], byte[]> withoutBytes(
      ConsumerRecord<byte[], byte[]> source, Throwable why, String service) {
    return bare(source, null, why, Sentences.of(why), service);
  }

  private static ProducerRecord<byte[], byte[]> bare(
      ConsumerRecord<byte[], byte[]> source,
      byte[] key,
      Throwable why,
      String message,
      String service) {
    Headers headers = new RecordHeaders();
    describe(headers, source, why, message, service);
    return new ProducerRecord<>(Topics.TILES_DEAD_LETTER.name(), null, null, key, null, headers);
  }

  private static void describe(
      Headers headers,
      ConsumerRecord<byte[], byte[]> source,
      Throwable why,
      String message,
      String service) {
    add(headers, EXCEPTION, why.getClass().getName() + ": " + message);
    add(headers, MESSAGE, message);
    add(headers, TOPIC, source.topic());
    add(headers, PARTITION, Integer.toString(source.partition()));
    add(headers, OFFSET, Long.toString(source.offset()));
    add(headers, SERVICE, service);
  }

  private static long bytes(ConsumerRecord<byte[], byte[]> source) {
    long bytes = length(source.key()) + length(source.value());
    for (Header header : source.headers()) {
      // A character of a header's name takes three bytes at most.
      bytes += 3L * header.key().length() + length(header.value());
    }
    return bytes;
  }

  private static long length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  /**
   * Reads one of the headers of a dead-letter record.
   *
   * @param headers the record's headers
   * @param name one of this class's names
   * @return its text, empty when the header is absent
   */
  public static String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
  }

  private static void add(Headers headers, String name, String text) {
    String bounded =
        text.length() <= MAX_TEXT_CHARS ? text : text.substring(0, MAX_TEXT_CHARS) + "...";
    headers.add(name, bounded.getBytes(UTF_8));
  }
}
