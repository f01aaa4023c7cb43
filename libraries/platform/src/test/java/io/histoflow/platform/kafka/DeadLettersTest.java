package io.histoflow.platform.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.Topics;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private static final byte[] KEY = "tile-1".getBytes(UTF_8);
  private static final byte[] VALUE = {1, 2, 3};

  @Test
  void shouldKeepTheRecordAndSayWhereItWasAndWhatIsWrong() {
    // Given
    ConsumerRecord<byte[], byte[]> source = source(new RecordHeaders().add("scanner", VALUE));

    // When
    ProducerRecord<byte[], byte[]> letter =
        DeadLetters.of(source, new MalformedRecordException("the mask is missing"), "review");

    // Then
    assertThat(letter.topic()).isEqualTo(Topics.TILES_DEAD_LETTER.name());
    assertThat(letter.key()).isEqualTo(KEY);
    assertThat(letter.value()).isEqualTo(VALUE);
    assertThat(letter.timestamp()).isEqualTo(1234);
    assertThat(letter.headers().lastHeader("scanner").value()).isEqualTo(VALUE);
    assertThat(DeadLetters.text(letter.headers(), "__streams.errors.exception"))
        .isEqualTo("io.histoflow.schemas.MalformedRecordException: the mask is missing");
    assertThat(DeadLetters.text(letter.headers(), "__streams.errors.message"))
        .isEqualTo("the mask is missing");
    assertThat(DeadLetters.text(letter.headers(), "__streams.errors.topic")).isEqualTo("tiles");
    assertThat(DeadLetters.text(letter.headers(), "__streams.errors.partition")).isEqualTo("3");
    assertThat(DeadLetters.text(letter.headers(), "__streams.errors.offset"))
        .isEqualTo("9876543210");
    assertThat(DeadLetters.text(letter.headers(), DeadLetters.SERVICE)).isEqualTo("review");
  }

  @Test
  void shouldCarryTheLatestReasonOnly() {
    // Given
    ProducerRecord<byte[], byte[]> first =
        DeadLetters.of(source(new RecordHeaders()), new IllegalStateException("first"), "routing");

    // When
    ProducerRecord<byte[], byte[]> second =
        DeadLetters.of(source(first.headers()), new IllegalStateException("second"), "review");

    // Then
    assertThat(second.headers().headers(DeadLetters.MESSAGE)).hasSize(1);
    assertThat(second.headers().headers(DeadLetters.SERVICE)).hasSize(1);
    assertThat(DeadLetters.text(second.headers(), DeadLetters.MESSAGE)).isEqualTo("second");
  }

  @Test
  void shouldLeaveOutBytesThatTheTopicWouldNotTakeAndSaySo() {
    // Given a record that was small only while it was compressed, and one with such a header
    byte[] large = new byte[Topics.TILES_DEAD_LETTER.maxMessageBytes()];
    ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("tiles", 3, 7, KEY, large);
    ConsumerRecord<byte[], byte[]> header = source(new RecordHeaders().add("notes", large));

    // When
    ProducerRecord<byte[], byte[]> letter =
        DeadLetters.of(record, new IllegalStateException("It is no tile."), "inference");

    // Then
    assertThat(letter.key()).isEqualTo(KEY);
    assertThat(letter.value()).isNull();
    assertThat(DeadLetters.text(letter.headers(), DeadLetters.OFFSET)).isEqualTo("7");
    assertThat(DeadLetters.text(letter.headers(), DeadLetters.MESSAGE))
        .startsWith("It is no tile.")
        .contains(large.length + KEY.length + " bytes are too many");
    assertThat(
            DeadLetters.of(header, new IllegalStateException("No."), "inference")
                .headers()
                .lastHeader("notes"))
        .isNull();
  }

  @Test
  void shouldSayWhereARecordLiesThatNobodyCanRead() {
    // When
    ProducerRecord<byte[], byte[]> letter =
        DeadLetters.withoutBytes(
            new ConsumerRecord<>("tiles", 3, 7, null, null),
            new IllegalStateException("It ended the process."),
            "inference");

    // Then
    assertThat(letter.key()).isNull();
    assertThat(letter.value()).isNull();
    assertThat(DeadLetters.text(letter.headers(), DeadLetters.TOPIC)).isEqualTo("tiles");
    assertThat(DeadLetters.text(letter.headers(), DeadLetters.SERVICE)).isEqualTo("inference");
  }

  @Test
  void shouldBoundTheLengthOfTheReason() {
    // When
    ProducerRecord<byte[], byte[]> letter =
        DeadLetters.of(
            source(new RecordHeaders()),
            new IllegalStateException("x".repeat(1_000_000)),
            "review");

    // Then
    assertThat(DeadLetters.text(letter.headers(), DeadLetters.MESSAGE)).hasSize(2003);
  }

  @Test
  void shouldGiveAReasonWhereTheExceptionHasNoMessage() {
    // When
    ProducerRecord<byte[], byte[]> letter =
        DeadLetters.of(source(new RecordHeaders()), new StackOverflowError(), "review");

    // Then
    assertThat(DeadLetters.text(letter.headers(), DeadLetters.MESSAGE))
        .isEqualTo("StackOverflowError");
  }

  private static ConsumerRecord<byte[], byte[]> source(Headers headers) {
    return new ConsumerRecord<>(
        "tiles",
        3,
        9_876_543_210L,
        1234,
        TimestampType.CREATE_TIME,
        KEY.length,
        VALUE.length,
        KEY,
        VALUE,
        headers,
        Optional.empty());
  }
}
