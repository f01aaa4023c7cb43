package io.histoflow.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.RegistryUnavailableException;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.TaskTopologies;
import io.histoflow.topology.streams.StateFormatException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler.Response;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler.Result;
import org.junit.jupiter.api.Test;

class DeadLetterHandlerTest {
  private final DeadLetterHandler handler = new DeadLetterHandler();

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
  void shouldNotEndAtWhatSomebodyElseWroteToTheApplicationsOwnTopics() {
    // When
    Response response =
        handler.handleError(
            null,
            record(TaskTopologies.summaries("histoflow-routing")),
            new StateFormatException("State 'score summary' has format 4"));

    // Then
    assertThat(response.result()).isEqualTo(Result.RESUME);
  }

  @Test
  void shouldLeaveAlertsThatAreNoneToWhoShowsAlerts() {
    // When
    Response response =
        handler.handleError(
            null,
            record(Topics.TILES_REVIEW.name()),
            new MalformedRecordException("No Avro record"));

    // Then
    assertThat(response.result()).isEqualTo(Result.RESUME);
    assertThat(response.deadLetterQueueRecords()).isEmpty();
  }

  @Test
  void shouldReadAgainWhatNothingIsKnownAbout() {
    // When
    Response response =
        handler.handleError(
            null,
            record(Topics.TILES_SEGMENTED.name()),
            new RegistryUnavailableException("The registry is down", null));

    // Then
    assertThat(response.result()).isEqualTo(Result.FAIL);
  }

  private static ConsumerRecord<byte[], byte[]> record(String topic) {
    return new ConsumerRecord<>(topic, 0, 7, new byte[] {1}, new byte[] {2});
  }
}
