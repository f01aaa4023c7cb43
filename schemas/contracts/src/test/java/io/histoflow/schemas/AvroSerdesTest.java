package io.histoflow.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AvroSerdesTest {
  private Map<String, Object> config;

  @BeforeEach
  void registerContracts() {
    config = Map.of("schema.registry.url", "mock://" + UUID.randomUUID());
    SubjectCatalogue.ensure(config);
  }

  @Test
  void shouldReadBackWhatWasWritten() {
    // Given
    try (Serde<ReviewRequested> serde = AvroSerdes.of(Topics.TILES_REVIEW, config)) {
      ReviewRequested alert = Examples.reviewRequested();

      // When
      byte[] bytes = serde.serializer().serialize(Topics.TILES_REVIEW.name(), alert);
      ReviewRequested read = serde.deserializer().deserialize(Topics.TILES_REVIEW.name(), bytes);

      // Then
      assertThat(read).isEqualTo(alert).isNotSameAs(alert);
      assertThat(read.getSegmentation().getTile().getTopic()).isInstanceOf(String.class);
      assertThat(read.getReason()).isEqualTo(ReviewReason.UNCERTAIN);
    }
  }

  static Stream<TopicSpec<?>> topics() {
    return Topics.all().stream();
  }

  @ParameterizedTest
  @MethodSource("topics")
  void shouldReadBackEveryContractWhateverItsOptionalFieldsHold(TopicSpec<?> spec)
      throws IOException {
    readsBackRandomRecords(spec);
  }

  private <V extends SpecificRecord> void readsBackRandomRecords(TopicSpec<V> spec)
      throws IOException {
    // Given: random records, written by Avro's generic writer, which knows none of our classes
    int id;
    try (SchemaRegistry registry = new SchemaRegistry(config)) {
      id = registry.idOf(spec.subject(), spec.schema()).orElseThrow();
    }
    try (Serde<V> serde = AvroSerdes.of(spec, config)) {
      for (Object record : new RandomData(spec.schema(), 200, 42L)) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<>(spec.schema()).write(record, encoder);
        encoder.flush();

        // When
        V read = serde.deserializer().deserialize(spec.name(), bytes.toByteArray());

        // Then: written again, the record is the same
        byte[] again = serde.serializer().serialize(spec.name(), read);
        assertThat(serde.deserializer().deserialize(spec.name(), again)).isEqualTo(read);
        assertThat(again).hasSameSizeAs(bytes.toByteArray());
      }
    }
  }

  @Test
  void shouldWriteMagicByteAndRegisteredIdInFrontOfTheAvro() {
    // Given
    Schema contract = Topics.TILES_SCANNED.schema();
    int id;
    try (SchemaRegistry registry = new SchemaRegistry(config)) {
      id = registry.idOf(Topics.TILES_SCANNED.subject(), contract).orElseThrow();
    }

    // When
    byte[] bytes;
    try (Serde<TileScanned> serde = AvroSerdes.of(Topics.TILES_SCANNED, config)) {
      bytes =
          serde
              .serializer()
              .serialize(Topics.TILES_SCANNED.name(), Examples.tileScanned(new byte[] {1}));
    }

    // Then
    assertThat(bytes[0]).isZero();
    assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(id);
  }

  @Test
  void shouldRefuseToWriteWhatIsNotRegistered() {
    // Given
    Map<String, Object> empty = Map.of("schema.registry.url", "mock://" + UUID.randomUUID());
    try (Serde<TileScanned> serde = AvroSerdes.of(Topics.TILES_SCANNED, empty)) {
      TileScanned tile = Examples.tileScanned(new byte[] {1});

      // When / Then
      assertThatThrownBy(() -> serde.serializer().serialize("somebody.elses.topic", tile))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("somebody.elses.topic-value")
          .hasMessageContaining("auto.register.schemas");
    }
  }

  @Test
  void shouldRegisterAContractOfOursAgainWhoseSubjectWasLost() {
    // Given: a registry that was emptied after the start
    Map<String, Object> empty = Map.of("schema.registry.url", "mock://" + UUID.randomUUID());
    try (Serde<TileScanned> serde = AvroSerdes.of(Topics.TILES_SCANNED, empty)) {
      TileScanned tile = Examples.tileScanned(new byte[] {1});

      // When
      byte[] bytes = serde.serializer().serialize(Topics.TILES_SCANNED.name(), tile);

      // Then
      assertThat(serde.deserializer().deserialize(Topics.TILES_SCANNED.name(), bytes))
          .isEqualTo(tile);
    }
  }
}
