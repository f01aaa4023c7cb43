package io.histoflow.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.RegistryUnavailableException;
import io.histoflow.topology.streams.StateFormatException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler.Response;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler.Result;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.apache.kafka.streams.errors.ProductionExceptionHandler.SerializationExceptionOrigin;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

/** What becomes of a record, and of the service, when something fails. */
class FailuresTest {
  private static final Record<?, ?> RECORD = new Record<>("k", "v", 0);

  private final DeadLetterHandler handler = new DeadLetterHandler();

  @Test
  void shouldEndTheServiceOnlyForWhatNeedsAPerson() {
    assertThat(
            List.<Throwable>of(
                new StreamsException("commit", new InvalidTxnStateException("paused")),
                new StreamsException("commit", new ProducerFencedException("fenced")),
                new StreamsException("commit", new InvalidProducerEpochException("old")),
                new TaskMigratedException("elsewhere", new RuntimeException()),
                new TimeoutException("brokers restart"),
                new ProcessorStateException("the disk is full"),
                new RegistryUnavailableException("down", null),
                new OutOfMemoryError(),
                new NullPointerException()))
        .noneMatch(Failures::needsAPerson);
    assertThat(
            List.<Throwable>of(
                new StreamsException("send", new TopicAuthorizationException("tiles")),
                new SaslAuthenticationException("password"),
                new StreamsException("read", new StateFormatException("format 9"))))
        .allMatch(Failures::needsAPerson);
  }

  @Test
  void shouldSetARecordAsideWhoseWorkFailsTwice() {
    // When
    Response first = handle(new IllegalStateException("a fault of ours"), 7);
    Response another = handle(new IllegalStateException("a fault of ours"), 8);
    Response second = handle(new IllegalStateException("a fault of ours"), 7);

    // Then
    assertThat(first.result()).isEqualTo(Result.FAIL);
    assertThat(another.result()).isEqualTo(Result.FAIL);
    assertThat(second.result()).isEqualTo(Result.RESUME);
    assertThat(second.deadLetterQueueRecords())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(text(letter, DeadLetters.MESSAGE)).contains("twice", "a fault of ours");
              assertThat(text(letter, DeadLetters.SERVICE)).isEqualTo("routing");
              assertThat(text(letter, DeadLetters.OFFSET)).isEqualTo("7");
              assertThat(letter.value()).containsExactly(2);
            });
  }

  @Test
  void shouldRememberAFailureThoughTheThreadAndItsHandlersAreNew() {
    // Given
    FailedRecords shared = new FailedRecords();
    DeadLetterHandler before = new DeadLetterHandler();
    DeadLetterHandler after = new DeadLetterHandler();
    before.configure(Map.of(FailedRecords.CONFIG, shared));
    after.configure(Map.of(FailedRecords.CONFIG, shared));

    // When / Then
    RuntimeException fault = new IllegalStateException();
    assertThat(before.handleError(new Context("t", 7), RECORD, fault).result())
        .isEqualTo(Result.FAIL);
    assertThat(after.handleError(new Context("t", 7), RECORD, fault).result())
        .isEqualTo(Result.RESUME);
  }

  @Test
  void shouldNotBlameARecordForItsSurroundings() {
    for (int attempt = 0; attempt < 5; attempt++) {
      assertThat(handle(new RegistryUnavailableException("down", null), 7).result())
          .isEqualTo(Result.FAIL);
      assertThat(handle(new ProcessorStateException("disk full"), 7).result())
          .isEqualTo(Result.FAIL);
      assertThat(handle(new StreamsException("x", new TimeoutException("y")), 7).result())
          .isEqualTo(Result.FAIL);
    }
  }

  @Test
  void shouldSetARecordAsideWhoseResultDoesNotFit() {
    // When
    ProductionExceptionHandler.Response response =
        handler.handleSerializationError(
            new Context("t", 7),
            new ProducerRecord<>("review", "k", "v"),
            new StreamsException("sink", new MalformedRecordException("10 MB do not fit")),
            SerializationExceptionOrigin.VALUE);
    ProductionExceptionHandler.Response down =
        handler.handleSerializationError(
            new Context("t", 7),
            new ProducerRecord<>("review", "k", "v"),
            new RegistryUnavailableException("down", null),
            SerializationExceptionOrigin.VALUE);

    // Then
    assertThat(response.result()).isEqualTo(ProductionExceptionHandler.Result.RESUME);
    assertThat(response.deadLetterQueueRecords()).hasSize(1);
    assertThat(down.result()).isEqualTo(ProductionExceptionHandler.Result.FAIL);
  }

  private Response handle(Exception why, long offset) {
    return handler.handleError(new Context("t", offset), RECORD, why);
  }

  private static String text(ProducerRecord<byte[], byte[]> letter, String header) {
    return new String(letter.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
  }

  private record Context(String topic, long offset) implements ErrorHandlerContext {
    @Override
    public int partition() {
      return 0;
    }

    @Override
    public Headers headers() {
      return new RecordHeaders();
    }

    @Override
    public String processorNodeId() {
      return "node";
    }

    @Override
    public TaskId taskId() {
      return new TaskId(0, 0);
    }

    @Override
    public long timestamp() {
      return 1;
    }

    @Override
    public byte[] sourceRawKey() {
      return new byte[] {1};
    }

    @Override
    public byte[] sourceRawValue() {
      return new byte[] {2};
    }
  }
}
