package io.histoflow.routing;

import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.MalformedRecordException;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a record that was read but is no use (a key that is not the slide's, a score that is no
 * number) to the dead-letter topic, in the same transaction as its offset, and goes on. A record at
 * whose work anything else fails is worked on once more, from the state before it; if that fails
 * too, it goes the same way. Where the surroundings failed, the record is not to blame: it is tried
 * until they are back.
 *
 * <p>Kafka Streams makes it by its name.
 */
public final class DeadLetterOnUnusableRecord implements ProcessingExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(DeadLetterOnUnusableRecord.class);

  private FailedRecords failed = new FailedRecords();

  @Override
  public void configure(Map<String, ?> config) {
    // The dead-letter topic is that of the catalogue.
    if (config.get(FailedRecords.CONFIG) instanceof FailedRecords shared) {
      failed = shared;
    }
  }

  @Override
  public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception why) {
    Optional<MalformedRecordException> malformed = Failures.malformed(why);
    if (malformed.isPresent()) {
      return Response.resume(SourceRecord.letter(context, malformed.get(), log));
    }
    if (Failures.needsAPerson(why)
        || Failures.isOfTheSurroundings(why)
        || !SourceRecord.isKnown(context)
        || !failed.failedBefore(context.topic(), context.partition(), context.offset())) {
      return Response.fail();
    }
    MalformedRecordException twice =
        new MalformedRecordException(
            "The work on this record failed twice ("
                + why.getClass().getSimpleName()
                + "): "
                + Sentences.of(why),
            why);
    return Response.resume(SourceRecord.letter(context, twice, log));
  }
}
