package io.histoflow.finetuning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.histoflow.platform.kafka.RejectedRecordException;
import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CorrectionDeadLettersTest {
  private static final TopicPartition PARTITION = new TopicPartition("masks.corrected", 0);

  private final Brokers consumer = new Brokers();
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final TransactionalPublisher publisher =
      new TransactionalPublisher(() -> producer, "a twin", 1, InstantSource.system());
  private final CorrectionDeadLetters letters =
      new CorrectionDeadLetters(
          consumer, publisher, new FineTuningMetrics(new SimpleMeterRegistry()));

  /** Brokers that leave a number of questions for committed offsets unanswered. */
  private static final class Brokers extends MockConsumer<byte[], byte[]> {
    private int silent;

    Brokers() {
      super("earliest");
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
        Set<TopicPartition> partitions) {
      if (silent-- > 0) {
        throw new TimeoutException("no answer");
      }
      return super.committed(partitions);
    }
  }

  @BeforeEach
  void open() {
    consumer.assign(List.of(PARTITION));
    publisher.open();
  }

  @Test
  void shouldSendNothingAgainAfterARestartAndNeverCommitWhatLiesBefore() throws Exception {
    // Given a service before this one, which has sent letters up to the fifth record
    commit(5);
    // When the topic is read again, and a good correction follows a bad one
    letters.add(record(1), why());
    letters.checked(record(1));
    assertThat(letters.isChecked(record(2))).isTrue();
    letters.checked(record(2));
    letters.publish();
    // Then
    assertThat(producer.history()).isEmpty();
    assertThat(committed()).isEqualTo(5);
    // When
    letters.add(record(5), why());
    letters.checked(record(5));
    letters.publish();
    // Then
    assertThat(producer.history()).hasSize(1);
    assertThat(sentOffset()).isEqualTo(6);
  }

  @Test
  void shouldCommitNothingBeforeWhatIsCommittedWhereNoRecordWasRefused() throws Exception {
    // Given
    commit(5);
    // When
    letters.checked(record(0));
    letters.publish();
    // Then
    assertThat(committed()).isEqualTo(5);
    // When
    letters.checked(record(6));
    letters.publish();
    // Then
    assertThat(committed()).isEqualTo(7);
  }

  @Test
  void shouldNotSendAgainWhatATransactionOfUnknownOutcomeHasSent() throws Exception {
    // Given
    letters.add(record(1), why());
    letters.checked(record(1));
    producer.commitTransactionException = new KafkaException("no answer");
    assertThatExceptionOfType(TransactionFailedException.class).isThrownBy(letters::publish);
    producer.commitTransactionException = null;
    // When it was committed all the same, and the next record is asked for first
    commit(2);
    assertThat(letters.isChecked(record(2))).isFalse();
    letters.publish();
    // Then
    assertThat(producer.history()).isEmpty();
    assertThat(committed()).isEqualTo(2);
  }

  @Test
  void shouldNoteARecordOnceTheBrokersAnswer() throws Exception {
    // Given
    consumer.silent = 1;
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> letters.add(record(1), why()));
    // When
    letters.add(record(1), why());
    letters.checked(record(1));
    letters.publish();
    // Then
    assertThat(producer.history()).hasSize(1);
    assertThat(sentOffset()).isEqualTo(2);
  }

  private void commit(long offset) {
    consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(offset)));
  }

  private long committed() {
    return consumer.committed(Set.of(PARTITION)).get(PARTITION).offset();
  }

  private long sentOffset() {
    return producer
        .consumerGroupOffsetsHistory()
        .get(0)
        .values()
        .iterator()
        .next()
        .get(PARTITION)
        .offset();
  }

  private static RejectedRecordException why() {
    return new RejectedRecordException("It is bad.");
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset) {
    return new ConsumerRecord<>(
        PARTITION.topic(), PARTITION.partition(), offset, "t".getBytes(UTF_8), new byte[] {1});
  }
}
