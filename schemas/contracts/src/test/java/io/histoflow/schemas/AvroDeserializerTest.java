package io.histoflow.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AvroDeserializerTest {
  private static final String TOPIC = Topics.TILES_SCANNED.name();

  private Map<String, Object> config;
  private AvroSerializer<TileScanned> serializer;
  private AvroDeserializer<TileScanned> deserializer;

  @BeforeEach
  void connect() {
    config = Map.of("schema.registry.url", "mock://" + UUID.randomUUID());
    SubjectCatalogue.ensure(config);
    serializer = new AvroSerializer<>();
    serializer.configure(config, false);
    deserializer = new AvroDeserializer<>(TileScanned.class);
    deserializer.configure(config, false);
  }

  @AfterEach
  void close() {
    serializer.close();
    deserializer.close();
  }

  @Test
  void shouldReadATombstoneAsNull() {
    assertThat(deserializer.deserialize(TOPIC, null)).isNull();
    assertThat(serializer.serialize(TOPIC, null)).isNull();
  }

  @Test
  void shouldRefuseAValueThatIsTooShort() {
    assertMalformed(new byte[0], "0 bytes long", TOPIC);
    assertMalformed(new byte[] {0, 0, 0, 1}, "4 bytes long", TOPIC);
  }

  @Test
  void shouldRefuseAWrongMagicByte() {
    assertMalformed("not avro at all".getBytes(), "0x6e", "magic byte 0", TOPIC);
  }

  @Test
  void shouldRefuseAnUnknownSchemaId() {
    assertMalformed(new byte[] {0, 0, 0, 48, 57, 2, 3}, "12345", "does not know", TOPIC);
    assertMalformed(new byte[] {0, -1, -1, -1, -1, 2, 3}, "does not know", TOPIC);
  }

  @Test
  void shouldRefuseAnotherRecord() {
    // Given
    AvroSerializer<ReviewRequested> alerts = new AvroSerializer<>();
    alerts.configure(config, false);
    byte[] bytes = alerts.serialize(Topics.TILES_REVIEW.name(), Examples.reviewRequested());

    // When / Then
    assertMalformed(
        bytes, "io.histoflow.schemas.ReviewRequested", "io.histoflow.schemas.TileScanned", TOPIC);
  }

  @Test
  void shouldRefuseARecordCutOffAnywhere() {
    // Given
    byte[] whole = serializer.serialize(TOPIC, Examples.tileScanned(new byte[] {7, 8, 9}));

    for (int length = 5; length < whole.length; length++) {
      // When / Then
      assertMalformed(Arrays.copyOf(whole, length), TOPIC);
    }
  }

  @Test
  void shouldRefuseBytesLeftOver() {
    byte[] whole = serializer.serialize(TOPIC, Examples.tileScanned(new byte[] {7}));
    assertMalformed(Arrays.copyOf(whole, whole.length + 1), "left over", TOPIC);
  }

  @Test
  void shouldRefuseALengthBeyondThePayloadWithoutAllocatingIt() throws IOException {
    // Given: a first field, a string, that claims more than the payload holds, or less than nothing
    byte[] header =
        Arrays.copyOf(serializer.serialize(TOPIC, Examples.tileScanned(new byte[1])), 5);
    for (long claimed : new long[] {Integer.MAX_VALUE - 16, Long.MAX_VALUE, -1, 64}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.write(header);
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      encoder.writeLong(claimed);

      // When / Then: with the whole heap in use by one such string this would be an
      // OutOfMemoryError
      for (int i = 0; i < 10; i++) {
        assertMalformed(bytes.toByteArray(), TOPIC);
      }
    }
  }

  @Test
  void shouldRefuseAnArrayLongerThanThePayload() throws IOException {
    // Given: a slide report whose list of model versions claims two thousand million items
    Schema schema = Topics.SLIDES_REPORTED.schema();
    int id = idOf(Topics.SLIDES_REPORTED.subject(), schema);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    encoder.writeString("slide-1");
    encoder.writeString("kidney");
    encoder.writeEnum(1);
    encoder.writeInt(1);
    encoder.writeIndex(0);
    encoder.writeLong(1);
    encoder.writeLong(1);
    encoder.writeDouble(1);
    encoder.writeIndex(0);
    encoder.writeDouble(0);
    encoder.writeDouble(0);
    encoder.writeDouble(0);
    encoder.writeInt(0);
    encoder.writeInt(0);
    encoder.writeLong(2_000_000_000L);
    AvroDeserializer<SlideReport> reports = new AvroDeserializer<>(SlideReport.class);
    reports.configure(config, false);

    // When / Then
    assertThatExceptionOfType(MalformedRecordException.class)
        .isThrownBy(() -> reports.deserialize(Topics.SLIDES_REPORTED.name(), bytes.toByteArray()))
        .withMessageContaining("2000000000");
  }

  @Test
  void shouldAnswerRandomBytesWithOneKindOfFailure() {
    // Given
    Random random = new Random(42);
    byte[] whole = serializer.serialize(TOPIC, Examples.tileScanned(new byte[64]));

    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = whole.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        bytes[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt();
      }

      // When / Then: some changes leave a readable record; no other kind of failure gets out
      try {
        assertThat(deserializer.deserialize(TOPIC, bytes)).isNotNull();
      } catch (MalformedRecordException e) {
        assertThat(e).hasMessageContaining(TOPIC);
      }
    }
  }

  @Test
  void shouldReadRecordsOfOlderAndNewerVersions() throws IOException {
    // Given: a version without 'scanner' and with a field that this version does not know
    String text = Topics.TILES_SCANNED.schema().toString();
    Schema other =
        new Schema.Parser()
            .parse(
                text.replaceFirst(
                    "\\{\"name\":\"scanner\"",
                    "{\"name\":\"stain\",\"type\":\"string\",\"default\":\"H&E\"},"
                        + "{\"name\":\"scannedBy\""));
    int id = register(Topics.TILES_SCANNED.subject(), other);
    GenericRecord record = new GenericData.Record(other);
    record.put("tileId", "t");
    record.put("slideId", "s");
    record.put("organ", "kidney");
    record.put("x", 1);
    record.put("y", 2);
    record.put("width", 3);
    record.put("height", 4);
    record.put("format", new GenericData.EnumSymbol(other.getField("format").schema(), "JPEG"));
    record.put("image", ByteBuffer.wrap(new byte[] {5}));
    record.put("stain", "H&E");
    record.put("scannedAt", 1_700_000_000_000L);
    record.put("downsample", 1.0);

    // When
    TileScanned tile = deserializer.deserialize(TOPIC, encode(id, record));

    // Then
    assertThat(tile.getFormat()).isEqualTo(ImageFormat.JPEG);
    assertThat(tile.getScanner()).isNull();
    assertThat(tile.getScannedAt().toEpochMilli()).isEqualTo(1_700_000_000_000L);
  }

  @Test
  void shouldReadAReportOfTheFirstRelease() throws IOException {
    // Given: a report without the lists that came later
    Schema first;
    try (InputStream in =
        AvroDeserializerTest.class.getResourceAsStream(
            "/released/v1/" + Topics.SLIDES_REPORTED.subject() + ".avsc")) {
      first = new Schema.Parser().parse(in);
    }
    int id = register(Topics.SLIDES_REPORTED.subject(), first);
    GenericRecord record = new GenericData.Record(first);
    record.put("slideId", "s");
    record.put("organ", "kidney");
    record.put("status", new GenericData.EnumSymbol(first.getField("status").schema(), "COMPLETE"));
    for (String count : List.of("tilesSeen", "reviewsRequested", "reviewsOpen", "revision")) {
      record.put(count, 1);
    }
    for (String pixels : List.of("positivePixels", "totalPixels", "reportedAt")) {
      record.put(pixels, 1L);
    }
    for (String number :
        List.of("positiveFraction", "meanEntropy", "maxMeanEntropy", "maxTailEntropy")) {
      record.put(number, 0.5);
    }
    record.put("modelVersions", List.of(0L));

    // When
    SlideReport report;
    try (AvroDeserializer<SlideReport> reports = new AvroDeserializer<>(SlideReport.class)) {
      reports.configure(config, false);
      report = reports.deserialize(Topics.SLIDES_REPORTED.name(), encode(id, record));
    }

    // Then
    assertThat(report.getTilesMissing()).isNull();
    assertThat(report.getTilesWithoutScale()).isNull();
    assertThat(report.getTilesBackground()).isZero();
    assertThat(report.getMissingTiles()).isEmpty();
    assertThat(report.getModelHistory()).isEmpty();
  }

  @Test
  void shouldReadASymbolAddedLaterAsUnknown() throws IOException {
    // Given
    String text = Topics.TILES_SCANNED.schema().toString();
    Schema later = new Schema.Parser().parse(text.replace("\"TIFF\"]", "\"TIFF\",\"WEBP\"]"));
    int id = register(Topics.TILES_SCANNED.subject(), later);
    GenericRecord record = new GenericData.Record(later);
    TileScanned example = Examples.tileScanned(new byte[] {1});
    for (Schema.Field field : later.getFields()) {
      record.put(field.name(), example.get(example.getSchema().getField(field.name()).pos()));
    }
    record.put("format", new GenericData.EnumSymbol(later.getField("format").schema(), "WEBP"));
    record.put("scannedAt", 1L);

    // When / Then
    assertThat(deserializer.deserialize(TOPIC, encode(id, record)).getFormat())
        .isEqualTo(ImageFormat.UNKNOWN);
  }

  @Test
  void shouldReadEveryContractWhenNoneIsNamed() {
    // Given
    AvroDeserializer<SpecificRecord> any = new AvroDeserializer<>();
    any.configure(config, false);
    TileScanned tile = Examples.tileScanned(new byte[] {1, 2});

    // When / Then
    assertThat(any.deserialize(TOPIC, serializer.serialize(TOPIC, tile))).isEqualTo(tile);
    any.close();
  }

  @Test
  void shouldServeSeveralThreadsAtOnce() throws Exception {
    // Given
    ExecutorService threads = Executors.newFixedThreadPool(4);
    Callable<Boolean> roundTrips =
        () -> {
          Random random = new Random();
          for (int i = 0; i < 500; i++) {
            byte[] image = new byte[random.nextInt(5_000)];
            random.nextBytes(image);
            TileScanned tile = Examples.tileScanned(image);
            if (!deserializer.deserialize(TOPIC, serializer.serialize(TOPIC, tile)).equals(tile)) {
              return false;
            }
          }
          return true;
        };

    // When
    List<Future<Boolean>> results = threads.invokeAll(List.of(roundTrips, roundTrips, roundTrips));

    // Then
    for (Future<Boolean> result : results) {
      assertThat(result.get()).isTrue();
    }
    threads.shutdownNow();
  }

  @Test
  void shouldReadAndWriteLargeAndSmallRecordsInTurn() {
    // Given
    TileScanned tile = Examples.tileScanned(new byte[3 << 20]);

    // When
    byte[] bytes = serializer.serialize(TOPIC, tile);

    // Then
    assertThat(deserializer.deserialize(TOPIC, bytes)).isEqualTo(tile);
    TileScanned small = Examples.tileScanned(new byte[] {1});
    assertThat(deserializer.deserialize(TOPIC, serializer.serialize(TOPIC, small)))
        .isEqualTo(small);
  }

  private void assertMalformed(byte[] bytes, String... words) {
    assertThatExceptionOfType(MalformedRecordException.class)
        .isThrownBy(() -> deserializer.deserialize(TOPIC, bytes))
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  private int register(String subject, Schema schema) {
    try (SchemaRegistry registry = new SchemaRegistry(config)) {
      return registry.register(subject, schema);
    }
  }

  private int idOf(String subject, Schema schema) {
    try (SchemaRegistry registry = new SchemaRegistry(config)) {
      return registry.idOf(subject, schema).orElseThrow();
    }
  }

  private static byte[] encode(int id, GenericRecord record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }
}
