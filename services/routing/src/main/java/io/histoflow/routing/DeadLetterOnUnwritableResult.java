package io.histoflow.routing;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a record whose result cannot be written, because it breaks its contract or does not fit its
 * topic, to the dead-letter topic, in the same transaction as its offset, and goes on. What the
 * brokers refuse has spoilt the transaction: the thread is replaced and the record worked on again.
 *
 * <p>Kafka Streams makes it by its name.
 */
public final class DeadLetterOnUnwritableResult implements ProductionExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(DeadLetterOnUnwritableResult.class);

  @Override
  public void configure(Map<String, ?> config) {
    // The dead-letter topic is that of the catalogue.
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> result, Exception why) {
    log.atWarn()
        .addKeyValue("topic", context.topic())
        .addKeyValue("partition", context.partition())
        .addKeyValue("offset", context.offset())
        .log("The brokers do not take a result for {}: {}", result.topic(), why.getMessage());
    return Response.fail();
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Response handleSerializationError(
      ErrorHandlerContext context,
      ProducerRecord result,
      Exception why,
      SerializationExceptionOrigin origin) {
    return Failures.needsAPerson(why) || Failures.isOfTheSurroundings(why)
        ? Response.fail()
        : Response.resume(SourceRecord.letter(context, why, log));
  }
}
