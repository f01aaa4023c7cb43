package io.histoflow.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.TaskTopologies;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler.Response;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler.Result;
import org.junit.jupiter.api.Test;

class DeadLetterOnMalformedInputTest {
  private final DeadLetterOnMalformedInput handler = new DeadLetterOnMalformedInput();

  @Test
  void shouldSendWhatCannotBeReadToTheDeadLetterTopicAndGoOn() {
    // When
    Response response =
        handler.handleError(
            null,
            record(Topics.TILES_SEGMENTED.name()),
            new MalformedRecordException("No Avro record"));

    // Then
    assertThat(response.result()).isEqualTo(Result.RESUME);
    assertThat(response.deadLetterQueueRecords())
        .singleElement()
        .satisfies(letter -> assertThat(letter.topic()).isEqualTo(Topics.TILES_DEAD_LETTER.name()));
  }

  @Test
  void shouldStopAtWhatAnotherReleaseWroteToTheApplicationsOwnTopics() {
    // When
    Response response =
        handler.handleError(
            null,
            record(TaskTopologies.summaries("histoflow-routing")),
            new SerializationException("State 'score summary' has format 4"));

    // Then
    assertThat(response.result()).isEqualTo(Result.FAIL);
  }

  private static ConsumerRecord<byte[], byte[]> record(String topic) {
    return new ConsumerRecord<>(topic, 0, 7, new byte[] {1}, new byte[] {2});
  }
}
