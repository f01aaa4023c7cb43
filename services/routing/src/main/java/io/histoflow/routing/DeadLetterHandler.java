package io.histoflow.routing;

import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Sends a record to the dead-letter topic, in the same transaction as its offset, and goes on,
 * where the record is to blame: it cannot be read; it was read but is no use (a key that is not the
 * slide's, a score that is no number); its result breaks its contract or does not fit its topic. A
 * record at whose work anything else fails is worked on once more, from the state before it; if
 * that fails too, it goes the same way. Where the surroundings failed, the thread stops, is
 * replaced and reads the record again, until they are back.
 *
 * <p>Kafka Streams makes one for each of the three kinds of failure, by its name.
 */
public final class DeadLetterHandler
    implements DeserializationExceptionHandler,
        ProcessingExceptionHandler,
        ProductionExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(DeadLetterHandler.class);
  private static final String SERVICE = "routing";

  private FailedRecords failed = new FailedRecords();

  @Override
  public void configure(Map<String, ?> config) {
    // The dead-letter topic is that of the catalogue.
    if (config.get(FailedRecords.CONFIG) instanceof FailedRecords shared) {
      failed = shared;
    }
  }

  /** A record cannot be read. */
  @Override
  public DeserializationExceptionHandler.Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception why) {
    if (Failures.isOfTheSurroundings(why)) {
      return DeserializationExceptionHandler.Response.fail();
    }
    // Alerts are only counted here: who shows them sets aside what is none.
    boolean isAlert = record.topic().equals(Topics.TILES_REVIEW.name());
    return DeserializationExceptionHandler.Response.resume(
        isAlert ? List.of() : List.of(letter(record, why)));
  }

  /** The work on a record failed. */
  @Override
  public ProcessingExceptionHandler.Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception why) {
    Optional<MalformedRecordException> malformed = Failures.malformed(why);
    if (malformed.isPresent()) {
      return ProcessingExceptionHandler.Response.resume(letters(context, malformed.get()));
    }
    if (Failures.needsAPerson(why)
        || Failures.isOfTheSurroundings(why)
        || !isKnown(context)
        || !failed.failedBefore(context.topic(), context.partition(), context.offset())) {
      return ProcessingExceptionHandler.Response.fail();
    }
    String sentence =
        "The work on this record failed twice (%s): %s"
            .formatted(why.getClass().getSimpleName(), Sentences.of(why));
    return ProcessingExceptionHandler.Response.resume(
        letters(context, new MalformedRecordException(sentence, why)));
  }

  /** The brokers refuse a result, which has spoilt the transaction. */
  @Override
  public ProductionExceptionHandler.Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> result, Exception why) {
    warn(context.topic(), context.partition(), context.offset())
        .log("The brokers do not take a result for {}: {}", result.topic(), why.getMessage());
    return ProductionExceptionHandler.Response.fail();
  }

  /** A result cannot be written. */
  @Override
  @SuppressWarnings("rawtypes")
  public ProductionExceptionHandler.Response handleSerializationError(
      ErrorHandlerContext context,
      ProducerRecord result,
      Exception why,
      SerializationExceptionOrigin origin) {
    return Failures.needsAPerson(why) || Failures.isOfTheSurroundings(why)
        ? ProductionExceptionHandler.Response.fail()
        : ProductionExceptionHandler.Response.resume(letters(context, why));
  }

  /** Returns the letter of the record in work; none where there was none: the clock started it. */
  private static List<ProducerRecord<byte[], byte[]>> letters(
      ErrorHandlerContext context, Throwable why) {
    if (!isKnown(context)) {
      log.atError().setCause(why).log("What the clock started is given up: {}", why.getMessage());
      return List.of();
    }
    return List.of(
        letter(
            new ConsumerRecord<>(
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
                Optional.empty()),
            why));
  }

  private static boolean isKnown(ErrorHandlerContext context) {
    return context.topic() != null && context.offset() >= 0;
  }

  private static ProducerRecord<byte[], byte[]> letter(
      ConsumerRecord<byte[], byte[]> record, Throwable why) {
    warn(record.topic(), record.partition(), record.offset())
        .log("A record goes to the dead-letter topic: {}", why.getMessage());
    return DeadLetters.of(record, why, SERVICE);
  }

  private static LoggingEventBuilder warn(String topic, int partition, long offset) {
    return log.atWarn()
        .addKeyValue("topic", topic)
        .addKeyValue("partition", partition)
        .addKeyValue("offset", offset);
  }
}
