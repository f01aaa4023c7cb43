package io.histoflow.inference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.RgbJpeg;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.imaging.resolution.ModelResolution;
import io.histoflow.platform.kafka.RejectedRecordException;
import io.histoflow.schemas.AvroDeserializer;
import io.histoflow.schemas.AvroSerializer;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.Topics;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TileReaderTest {
  private static final String TOPIC = Topics.TILES_SCANNED.name();
  private static final ModelResolution MODEL = new ModelResolution(OptionalDouble.of(0.25));
  private static final Map<String, Object> REGISTRY =
      Map.of("schema.registry.url", "mock://tile-reader", "auto.register.schemas", true);

  private final AvroSerializer<SpecificRecord> serializer = new AvroSerializer<>();
  private final AvroDeserializer<TileScanned> deserializer =
      new AvroDeserializer<>(TileScanned.class);
  private TileReader reader;

  @BeforeEach
  void configure() {
    serializer.configure(REGISTRY, false);
    deserializer.configure(REGISTRY, false);
    reader = new TileReader(deserializer, ImageLimits.forTiles(), MODEL);
  }

  @AfterEach
  void close() {
    serializer.close();
    deserializer.close();
  }

  @Test
  void shouldReadATileAndWhereItLies() throws Exception {
    // Given
    RgbImage image = TestTiles.image(1, 48);
    TileScanned.Builder tile = TestTiles.tile("t1", "s1", RgbPng.encode(image), 48, 48);
    // When
    ScannedTile read = reader.read(published(tile));
    RgbImage decoded = reader.decode(read);
    // Then
    assertThat(read.record().getTileId()).isEqualTo("t1");
    assertThat(read.location()).isEqualTo(new TileLocation(TOPIC, 3, 42L));
    assertThat(read.bytes()).isGreaterThan(20 * 48 * 48);
    assertThat(decoded.rgb()).isEqualTo(image.rgb());
  }

  @Test
  void shouldFindOutTheFormatByItselfWhateverTheRecordSays() throws Exception {
    // Given
    byte[] jpeg = RgbJpeg.encode(TestTiles.image(1, 48), 0.9);
    TileScanned.Builder tile =
        TestTiles.tile("t1", "s1", jpeg, 48, 48).setFormat(ImageFormat.UNKNOWN);
    // When
    RgbImage decoded = reader.decode(reader.read(published(tile)));
    // Then
    assertThat(decoded.width()).isEqualTo(48);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   "})
  void shouldCallAnEmptyOrganUnknown(String organ) throws Exception {
    // When
    ScannedTile read = reader.read(published(TestTiles.tile("t1", "s1", 1, 16).setOrgan(organ)));
    // Then
    assertThat(read.organ()).isEqualTo("unknown");
  }

  @Test
  void shouldTakeAnOrganInLowerCaseAndTrimmed() throws Exception {
    // When
    ScannedTile read =
        reader.read(published(TestTiles.tile("t1", "s1", 1, 16).setOrgan(" Kidney ")));
    // Then
    assertThat(read.organ()).isEqualTo("kidney");
  }

  @Test
  void shouldTakeATileOfOnePixel() throws Exception {
    // Given
    byte[] pixel = RgbPng.encode(RgbImage.of(1, 1, new byte[] {1, 2, 3}));
    // When
    RgbImage decoded = reader.decode(reader.read(published(TestTiles.tile("t", "s", pixel, 1, 1))));
    // Then
    assertThat(decoded.rgb()).containsExactly(1, 2, 3);
  }

  @Test
  void shouldRefuseATombstone() {
    assertRefused(TestTiles.record(TOPIC, "t1", null), "no value");
  }

  @Test
  void shouldRefuseRandomBytes() {
    // Given
    Random random = new Random(3);
    for (int length : new int[] {0, 1, 4, 5, 6, 100, 5_000}) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      // Then
      assertRefused(TestTiles.record(TOPIC, "t1", bytes), TOPIC);
    }
  }

  @Test
  void shouldRefuseASchemaIdThatTheRegistryNeverGave() {
    // Given
    Map<String, Object> registry = Map.of("schema.registry.url", "mock://tile-reader-of-ours");
    SubjectCatalogue.ensure(registry);
    byte[] bytes = bytes(TestTiles.tile("t1", "s1", 1, 16).build());
    ByteBuffer.wrap(bytes).putInt(1, 424_242);
    try (AvroDeserializer<TileScanned> strict = new AvroDeserializer<>(TileScanned.class)) {
      strict.configure(registry, false);
      TileReader strictReader = new TileReader(strict, ImageLimits.forTiles(), MODEL);
      // Then
      assertThatThrownBy(() -> strictReader.read(TestTiles.record(TOPIC, "t1", bytes)))
          .isInstanceOf(RejectedRecordException.class)
          .hasMessageContaining("424242");
    }
  }

  @Test
  void shouldRefuseAnotherContract() {
    // Given
    SlideScanned slide =
        SlideScanned.newBuilder()
            .setSlideId("s1")
            .setOrgan("kidney")
            .setTileCount(1)
            .setScannedAt(TestTiles.SCANNED_AT)
            .build();
    // Then
    assertRefused(TestTiles.record(TOPIC, "t1", bytes(slide)), "SlideScanned");
  }

  @Test
  void shouldRefuseARecordThatEndsTooEarly() {
    // Given
    byte[] whole = bytes(TestTiles.tile("t1", "s1", 1, 16).build());
    // Then
    assertRefused(
        TestTiles.record(TOPIC, "t1", Arrays.copyOf(whole, whole.length / 2)), "schema id");
  }

  @Test
  void shouldRefuseAKeyThatIsNotTheTileId() {
    byte[] value = bytes(TestTiles.tile("t1", "s1", 1, 16).build());
    assertRefused(TestTiles.record(TOPIC, "t2", value), "t1");
    assertRefused(TestTiles.record(TOPIC, null, value), "without a key");
  }

  @Test
  void shouldRefuseIdsThatAreEmptyOrTooLong() {
    assertRefused(published(TestTiles.tile("", "s1", 1, 16)), "tileId");
    assertRefused(published(TestTiles.tile("t".repeat(257), "s1", 1, 16)), "257");
    assertRefused(published(TestTiles.tile("t1", " ", 1, 16)), "slideId");
  }

  @Test
  void shouldRefuseNamesThatAreTooLongOrCannotBeSeen() {
    assertRefused(
        published(TestTiles.tile("t1", "s1", 1, 16).setScanner("x".repeat(9_400_000))),
        "scanner",
        "9400000");
    assertRefused(
        published(TestTiles.tile("t1", "s1", 1, 16).setScanId("x".repeat(129))), "scanId", "129");
    assertRefused(published(TestTiles.tile("t1", "s\0", 1, 16)), "slideId", "U+0000");
    assertRefused(
        published(TestTiles.tile("t1", "s1", 1, 16).setOrgan("kid\u200bney")), "organ", "U+200B");
  }

  @Test
  void shouldTakeATileThatNamesNeitherScannerNorScan() throws Exception {
    // When
    ScannedTile read =
        reader.read(published(TestTiles.tile("t1", "s1", 1, 16).setScanner("").setScanId(null)));
    // Then
    assertThat(read.record().getScanner()).isEmpty();
  }

  @Test
  void shouldRefuseAScaleThatNoScannerHas() {
    assertRefused(
        published(TestTiles.tile("t1", "s1", 1, 16).setMicronsPerPixel(25_000.0)), "25000");
    assertRefused(
        published(TestTiles.tile("t1", "s1", 1, 16).setMicronsPerPixel(0.0025)), "0.0025");
  }

  @Test
  void shouldRefuseAResolutionTooFarFromTheModels() {
    assertRefused(
        published(TestTiles.tile("t1", "s1", 1, 16).setMicronsPerPixel(2.0)),
        "t1",
        "2.0 micrometres",
        "0.0625 to 1.0");
    assertRefused(
        published(TestTiles.tile("t1", "s1", 1, 16).setMicronsPerPixel(0.05)), "0.05", "0.25");
  }

  @Test
  void shouldRefuseATileThatGrowsTooLargeBeforeAnythingIsAllocatedForIt() {
    // Given tiles that say of themselves to be as large as may be at 0.25 um/px, and one more
    TileScanned.Builder tile = TestTiles.tile("t1", "s1", 1, 16).setMicronsPerPixel(1.0);
    tile.setWidth(1025).setHeight(1024);
    // Then
    assertRefused(published(tile), "4100 x 4096", "tiles of 1024 pixels");
  }

  @Test
  void shouldCountTheMemoryOfATileAtTheModelsResolution() throws Exception {
    // Given
    TileScanned.Builder tile = TestTiles.tile("t1", "s1", 1, 16).setWidth(1024).setHeight(1024);
    long own = reader.read(published(tile.setMicronsPerPixel(0.25))).bytes();
    // Then
    assertThat(reader.read(published(tile.setMicronsPerPixel(1.0))).bytes())
        .isBetween(16 * (own - 100_000), 17 * own);
    assertThat(reader.read(published(tile.setMicronsPerPixel(null))).bytes()).isEqualTo(own);
  }

  @Test
  void shouldBringATileToTheModelsResolution() throws Exception {
    // When
    ScannedTile read =
        reader.read(published(TestTiles.tile("t1", "s1", 1, 16).setMicronsPerPixel(0.5)));
    ScannedTile near =
        reader.read(published(TestTiles.tile("t1", "s1", 1, 16).setMicronsPerPixel(0.26)));
    // Then
    assertThat(reader.decode(read).width()).isEqualTo(32);
    assertThat(reader.decode(near).rgb()).isEqualTo(TestTiles.image(1, 16).rgb());
  }

  @Test
  void shouldRefuseAPlaceBeyondAnySlide() {
    assertRefused(
        published(TestTiles.tile("t1", "s1", 1, 16).setX(Integer.MAX_VALUE)), "2147483647");
  }

  @Test
  void shouldRefuseImpossibleGeometry() {
    assertRefused(published(TestTiles.tile("t1", "s1", 1, 16).setX(-1)), "(-1, 0)");
    assertRefused(published(TestTiles.tile("t1", "s1", 1, 16).setWidth(0)), "0 x 16");
    assertRefused(published(TestTiles.tile("t1", "s1", 1, 16).setHeight(5_000)), "16 x 5000");
    assertRefused(
        published(TestTiles.tile("t1", "s1", 1, 16).setMicronsPerPixel(Double.NaN)), "NaN");
    assertRefused(published(TestTiles.tile("t1", "s1", 1, 16).setMicronsPerPixel(-0.25)), "-0.25");
  }

  @Test
  void shouldRefuseAnOrganThatIsNoName() {
    assertRefused(published(TestTiles.tile("t1", "s1", 1, 16).setOrgan("x".repeat(1_000))), "1000");
  }

  @Test
  void shouldRefuseWhatIsNoImage() {
    // Given
    byte[] text = "this is not an image, whatever its name says".getBytes(UTF_8);
    // Then
    assertUndecodable(TestTiles.tile("t1", "s1", text, 16, 16), "t1", "text");
    assertUndecodable(TestTiles.tile("t1", "s1", new byte[0], 16, 16), "t1", "empty");
  }

  @Test
  void shouldRefuseATruncatedJpeg() {
    // Given
    byte[] whole = RgbJpeg.encode(TestTiles.image(1, 64), 0.9);
    byte[] truncated = Arrays.copyOf(whole, whole.length * 2 / 3);
    // Then
    assertUndecodable(TestTiles.tile("t1", "s1", truncated, 64, 64), "t1", "JPEG");
  }

  @Test
  void shouldRefuseAnImageOfAnotherSize() {
    // Given
    byte[] image = RgbPng.encode(TestTiles.image(1, 16));
    // Then
    assertUndecodable(TestTiles.tile("t1", "s1", image, 32, 16), "32 x 16", "16 x 16");
  }

  @Test
  void shouldRefuseABombBeforeItsPixelsAreAllocated() {
    // Given a PNG header that declares 20,000 x 20,000 pixels
    byte[] bomb =
        TestTiles.declaring(RgbPng.encode(RgbImage.of(1, 1, new byte[3])), 20_000, 20_000);
    // Then
    assertUndecodable(TestTiles.tile("t1", "s1", bomb, 16, 16), "20000 x 20000");
  }

  private void assertRefused(ConsumerRecord<byte[], byte[]> record, String... parts) {
    assertThatThrownBy(() -> reader.read(record))
        .isInstanceOf(RejectedRecordException.class)
        .message()
        .contains(parts)
        .doesNotContain("\n");
  }

  private void assertUndecodable(TileScanned.Builder tile, String... parts) {
    assertThatThrownBy(() -> reader.decode(reader.read(published(tile))))
        .isInstanceOf(RejectedRecordException.class)
        .message()
        .contains(parts)
        .doesNotContain("\n");
  }

  private ConsumerRecord<byte[], byte[]> published(TileScanned.Builder tile) {
    return TestTiles.record(TOPIC, tile.getTileId(), bytes(tile.build()));
  }

  private byte[] bytes(SpecificRecord record) {
    return serializer.serialize(TOPIC, record);
  }
}
