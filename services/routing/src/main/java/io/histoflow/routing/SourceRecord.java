package io.histoflow.routing;

import io.histoflow.platform.kafka.DeadLetters;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.slf4j.Logger;

/** The record that was in work when a handler of Kafka Streams is asked. */
final class SourceRecord {
  private SourceRecord() {}

  /** Says whether there was one: what the clock starts has none. */
  static boolean isKnown(ErrorHandlerContext context) {
    return context.topic() != null && context.offset() >= 0;
  }

  /**
   * Sends it to the dead-letter topic, in the same transaction as its offset.
   *
   * @return the letter; none where no record was in work
   */
  static List<ProducerRecord<byte[], byte[]>> letter(
      ErrorHandlerContext context, Throwable why, Logger log) {
    if (!isKnown(context)) {
      log.atError().setCause(why).log("What the clock started is given up: {}", why.getMessage());
      return List.of();
    }
    log.atWarn()
        .addKeyValue("topic", context.topic())
        .addKeyValue("partition", context.partition())
        .addKeyValue("offset", context.offset())
        .log("A record goes to the dead-letter topic: {}", why.getMessage());
    return List.of(DeadLetters.of(source(context), why, "routing"));
  }

  private static ConsumerRecord<byte[], byte[]> source(ErrorHandlerContext context) {
    return new ConsumerRecord<>(
        context.topic(),
        context.partition(),
        context.offset(),
        context.timestamp(),
        TimestampType.CREATE_TIME,
        ConsumerRecord.NULL_SIZE,
        ConsumerRecord.NULL_SIZE,
        context.sourceRawKey(),
        context.sourceRawValue(),
        context.headers() == null ? new RecordHeaders() : context.headers(),
        Optional.empty());
  }
}
