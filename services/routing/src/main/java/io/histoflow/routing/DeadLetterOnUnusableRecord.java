package io.histoflow.routing;

import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.schemas.MalformedRecordException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a record that was read but is no use (a key that is not the slide's, a score that is no
 * number) to the dead-letter topic, in the same transaction as its offset, and goes on. Any other
 * failure is ours and stops the service: the record is not at fault.
 *
 * <p>Kafka Streams makes it by its name.
 */
public final class DeadLetterOnUnusableRecord implements ProcessingExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(DeadLetterOnUnusableRecord.class);

  @Override
  public void configure(Map<String, ?> config) {
    // The dead-letter topic is that of the catalogue.
  }

  @Override
  public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception why) {
    MalformedRecordException malformed = find(why);
    if (malformed == null) {
      return Response.fail();
    }
    log.atWarn()
        .addKeyValue("topic", context.topic())
        .addKeyValue("partition", context.partition())
        .addKeyValue("offset", context.offset())
        .log("A record goes to the dead-letter topic: {}", malformed.getMessage());
    return Response.resume(List.of(DeadLetters.of(source(context), malformed, "routing")));
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

  private static MalformedRecordException find(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof MalformedRecordException malformed) {
        return malformed;
      }
    }
    return null;
  }
}
