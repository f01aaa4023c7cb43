package io.histoflow.routing;

import io.histoflow.platform.kafka.DeadLetters;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a record that cannot be read to the dead-letter topic, in the same transaction as its
 * offset, and goes on. A record that nothing is known about, because the schema registry is down,
 * stops its thread instead, which is replaced and reads it again.
 *
 * <p>Kafka Streams makes it by its name.
 */
public final class DeadLetterOnMalformedInput implements DeserializationExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(DeadLetterOnMalformedInput.class);

  @Override
  public void configure(Map<String, ?> config) {
    // The dead-letter topic is that of the catalogue.
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception why) {
    if (Failures.isOfTheSurroundings(why)) {
      return Response.fail();
    }
    log.atWarn()
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .log("A record goes to the dead-letter topic: {}", why.getMessage());
    return Response.resume(List.of(DeadLetters.of(record, why, "routing")));
  }
}
