package io.histoflow.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
      assertThatThrownBy(() -> serde.serializer().serialize(Topics.TILES_SCANNED.name(), tile))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("histoflow.tiles.scanned.v1-value")
          .hasMessageContaining("auto.register.schemas");
    }
  }
}
