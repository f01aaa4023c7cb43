package io.histoflow.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LostSchemasTest {
  private static final String TOPIC = Topics.TILES_SCANNED.name();
  private static final String SUBJECT = Topics.TILES_SCANNED.subject();

  private final AtomicLong nanos = new AtomicLong();
  private TinyRegistry registry;
  private AvroDeserializer<TileScanned> deserializer;
  private TileScanned tile;
  private byte[] record;

  @BeforeEach
  void writeATile() throws IOException {
    registry = new TinyRegistry();
    SubjectCatalogue.ensure(config());
    tile = Examples.tileScanned(new byte[] {1, 2, 3});
    try (AvroSerializer<TileScanned> serializer = new AvroSerializer<>()) {
      serializer.configure(config(), false);
      record = serializer.serialize(TOPIC, tile);
    }
    deserializer = new AvroDeserializer<>(TileScanned.class, nanos::get);
    deserializer.configure(config(), false);
  }

  @AfterEach
  void close() {
    deserializer.close();
    registry.close();
  }

  @Test
  void shouldWaitForASubjectThatWasDeletedAndReadTheRecordOnceItIsBack() {
    // Given
    int id = ByteBuffer.wrap(record).getInt(1);
    registry.delete(SUBJECT);
    assertWaits(record, "schema id " + id, TOPIC);

    // When
    registry.restore(SUBJECT, id);
    pass(Duration.ofSeconds(6));

    // Then
    assertThat(deserializer.deserialize(TOPIC, record)).isEqualTo(tile);
  }

  @Test
  void shouldWaitWhereAnotherProcessHasRegisteredTheSubjectUnderANewId() {
    // Given
    registry.delete(SUBJECT);
    SubjectCatalogue.ensure(config());

    // When / Then
    assertWaits(record, "does not know any more");
  }

  @Test
  void shouldWaitWhereTheRegistryWasEmptied() {
    // Given: records from before name ids that the new registry has not given yet
    ByteBuffer.wrap(record).putInt(1, 500);
    registry.clear();

    // When / Then
    assertWaits(record, "500");
    pass(Duration.ofMinutes(1));
    assertWaits(record, "500");
  }

  @Test
  void shouldCallTheRecordMalformedWhenTheSchemaStaysAway() {
    // Given
    registry.delete(SUBJECT);
    assertWaits(record, "waits");

    // When
    pass(Duration.ofMinutes(11));

    // Then
    assertThatExceptionOfType(MalformedRecordException.class)
        .isThrownBy(() -> deserializer.deserialize(TOPIC, record))
        .withMessageContaining("did not come back");
  }

  @Test
  void shouldWaitOnceForAllIdsThatNobodyHasSeenGiven() {
    // Given: an emptied registry, and records with ids above its newest
    registry.clear();
    ByteBuffer.wrap(record).putInt(1, 500);
    assertWaits(record, "500");

    // When
    pass(Duration.ofMinutes(11));

    // Then
    for (int id = 500; id < 900; id++) {
      ByteBuffer.wrap(record).putInt(1, id);
      assertThatExceptionOfType(MalformedRecordException.class)
          .isThrownBy(() -> deserializer.deserialize(TOPIC, record));
    }
  }

  @Test
  void shouldRefuseIdsThatWereNeverGivenUntilTheRegistryIsEmptied() {
    // Given: a record of anybody's making must not stop those behind it
    ByteBuffer.wrap(record).putInt(1, 500);
    assertThatExceptionOfType(MalformedRecordException.class)
        .isThrownBy(() -> deserializer.deserialize(TOPIC, record));
    pass(Duration.ofMinutes(11));

    // When
    registry.clear();

    // Then
    ByteBuffer.wrap(record).putInt(1, 501);
    assertWaits(record, "501");
  }

  @Test
  void shouldNotAskAgainAtEveryTry() {
    // Given
    registry.delete(SUBJECT);
    assertWaits(record, "waits");
    int before = registry.requests();

    // When
    for (int i = 0; i < 1000; i++) {
      assertWaits(record, "waits");
    }

    // Then
    assertThat(registry.requests()).isEqualTo(before);
  }

  @Test
  void shouldCallGarbageMalformedAtOnceAndHardlyAskForIt() {
    // Given
    Random random = new Random(7);
    int before = registry.requests();

    // When
    for (int i = 0; i < 10_000; i++) {
      byte[] garbage = new byte[40];
      random.nextBytes(garbage);
      garbage[0] = 0;
      assertThatExceptionOfType(MalformedRecordException.class)
          .isThrownBy(() -> deserializer.deserialize(TOPIC, garbage));
    }

    // Then: each judgement looks at our subjects, and a few ids reach the registry
    assertThat(registry.requests() - before).isLessThan(2_000);
  }

  @Test
  void shouldCallGarbageMalformedThoughASubjectIsMissing() {
    // Given
    registry.delete(SUBJECT);
    ByteBuffer.wrap(record).putInt(1, 0x7f00_0001);

    // When / Then
    assertThatExceptionOfType(MalformedRecordException.class)
        .isThrownBy(() -> deserializer.deserialize(TOPIC, record));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private void assertWaits(byte[] bytes, String... words) {
    assertThatExceptionOfType(RegistryUnavailableException.class)
        .isThrownBy(() -> deserializer.deserialize(TOPIC, bytes))
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  private Map<String, Object> config() {
    return Map.of("schema.registry.url", registry.url());
  }
}
