package io.histoflow.scanning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.histoflow.imaging.ImageDecoder;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.RgbJpeg;
import io.histoflow.imaging.RgbPng;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.ProgressListener;
import io.histoflow.segmentation.dataset.LabelledTile;
import io.histoflow.segmentation.dataset.SyntheticTissue;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlideScannerIT {

  @TempDir static Path platformDir;
  private static EmbeddedPlatform platform;

  @TempDir Path dir;

  @BeforeAll
  static void startPlatform() {
    platform = EmbeddedPlatform.start(platformDir);
  }

  @AfterAll
  static void stopPlatform() {
    platform.close();
  }

  @Test
  void shouldPublishTilesThatCoverTheSlideAndThenItsManifest() throws Exception {
    // Given: 300 x 260 pixels, so 2 x 2 tiles of 256
    LabelledTile slide = new SyntheticTissue(1).image("colon", 0, 300, 260);
    Path file = Files.write(dir.resolve("covered.png"), RgbPng.encode(slide.image()));

    // When
    ScanSummary summary = scan(ScanRequest.of("Colon", file));

    // Then
    assertThat(summary.complete()).isTrue();
    assertThat(summary.slides()).isEqualTo(1);
    assertThat(summary.tiles()).isEqualTo(4);
    Map<String, TileScanned> tiles = tilesOf("covered");
    assertThat(tiles.keySet())
        .containsExactlyInAnyOrder("covered/0/0", "covered/44/0", "covered/0/4", "covered/44/4");
    for (TileScanned tile : tiles.values()) {
      assertThat(tile.getOrgan()).isEqualTo("colon");
      assertThat(tile.getFormat()).isEqualTo(ImageFormat.PNG);
      RgbImage expected =
          slide.image().crop(tile.getX(), tile.getY(), tile.getWidth(), tile.getHeight());
      assertThat(decode(tile).rgb()).isEqualTo(expected.rgb());
    }
    SlideScanned manifest = manifestOf("covered");
    assertThat(manifest.getTileCount()).isEqualTo(4);
    assertThat(manifest.getWidth()).isEqualTo(300);
    assertThat(manifest.getHeight()).isEqualTo(260);
    assertThat(manifest.getTileSize()).isEqualTo(256);
    assertThat(manifest.getOverlap()).isZero();
    assertThat(manifest.getMicronsPerPixel()).isNull();
  }

  @Test
  void shouldNameUnreadableFilesAndPublishTheOthers() throws Exception {
    // Given
    RgbImage picture = new SyntheticTissue(2).tile("lung", 0, 64).image();
    byte[] jpeg = RgbJpeg.encode(picture, 0.9);
    Files.write(dir.resolve("bad1.jpg"), Arrays.copyOf(jpeg, jpeg.length / 2));
    Files.write(dir.resolve("good1.jpg"), jpeg);
    Files.writeString(dir.resolve("bad2.png"), "not a picture");
    Files.write(dir.resolve("good2.png"), RgbPng.encode(picture.crop(0, 0, 1, 1)));

    // When
    ScanSummary summary = scan(ScanRequest.of("lung", dir));

    // Then
    assertThat(summary.complete()).isFalse();
    assertThat(summary.failures())
        .extracting(ScanFailure::reason)
        .satisfiesExactly(
            reason -> assertThat(reason).contains("bad1.jpg: ").contains("cut off"),
            reason -> assertThat(reason).contains("bad2.png: ").contains("look like text"));
    assertThat(summary.slides()).isEqualTo(2);
    assertThat(tilesOf("good1")).containsOnlyKeys("good1/0/0");
    assertThat(tilesOf("good2").get("good2/0/0").getWidth()).isEqualTo(1);
    assertThat(manifestOf("good2").getTileSize()).isNull();
    assertThat(tilesOf("bad1")).isEmpty();
    assertThat(records(Topics.SLIDES_SCANNED, m -> m.getSlideId().startsWith("bad"))).isEmpty();
  }

  @Test
  void shouldGiveTheSameIdsWhenAScanIsRepeated() throws Exception {
    // Given
    RgbImage picture = new SyntheticTissue(3).tile("liver", 0, 300).image();
    Path file = Files.write(dir.resolve("again.png"), RgbPng.encode(picture));

    // When
    scan(ScanRequest.of("liver", file));
    scan(ScanRequest.of("liver", file));

    // Then: twice the records, the same four tiles
    assertThat(records(Topics.TILES_SCANNED, t -> t.getSlideId().equals("again"))).hasSize(8);
    assertThat(tilesOf("again")).hasSize(4);
    assertThat(manifestOf("again").getTileCount()).isEqualTo(4);
  }

  @Test
  void shouldPublishSeveralImagesAsOneSlideWithOverlapAsJpeg() throws Exception {
    // Given
    SyntheticTissue tissue = new SyntheticTissue(4);
    Files.write(dir.resolve("f1.png"), RgbPng.encode(tissue.tile("kidney", 0, 100).image()));
    Files.write(dir.resolve("f2.png"), RgbPng.encode(tissue.tile("kidney", 1, 64).image()));
    ScanRequest request = new ScanRequest(List.of(dir), Optional.of("kidney"), Optional.of("S 1"));

    // When
    ScanSummary summary =
        scan(
            request,
            Map.of(
                "histoflow.scan.tile.size", "64",
                "histoflow.scan.tile.overlap", "16",
                "histoflow.scan.tile.encoding", "jpeg",
                "histoflow.scan.scanner", "SN-4711"));

    // Then: 100 pixels take tiles at 0 and 36
    assertThat(summary.tiles()).isEqualTo(5);
    assertThat(tilesOf("S 1"))
        .containsOnlyKeys("S 1/f1/0/0", "S 1/f1/36/0", "S 1/f1/0/36", "S 1/f1/36/36", "S 1/f2/0/0");
    assertThat(tilesOf("S 1").values())
        .allSatisfy(tile -> assertThat(tile.getFormat()).isEqualTo(ImageFormat.JPEG))
        .allSatisfy(tile -> assertThat(tile.getScanner()).isEqualTo("SN-4711"));
    SlideScanned manifest = manifestOf("S 1");
    assertThat(manifest.getTileCount()).isEqualTo(5);
    assertThat(manifest.getWidth()).isNull();
    assertThat(manifest.getOverlap()).isEqualTo(16);
    assertThat(manifest.getScanner()).isEqualTo("SN-4711");
  }

  @Test
  void shouldPublishTheResolutionThatATiffTells() throws Exception {
    // Given
    Path file = dir.resolve("resolved.tif");
    try (var in = SlideScannerIT.class.getResourceAsStream("jpeg-tiles.tif")) {
      Files.copy(in, file);
    }

    // When
    scan(ScanRequest.of("breast", file));

    // Then
    assertThat(tilesOf("resolved").values())
        .hasSize(1)
        .allSatisfy(tile -> assertThat(tile.getMicronsPerPixel()).isEqualTo(0.5));
    assertThat(manifestOf("resolved").getMicronsPerPixel()).isEqualTo(0.5);
  }

  @Test
  void shouldNameBrokersThatDoNotAnswer() {
    // Given: port 9, where nothing listens
    ServiceConfig config =
        ServiceConfig.of(
            Map.of(
                "bootstrap.servers", "127.0.0.1:9",
                "schema.registry.url", platform.registryUrl(),
                "default.api.timeout.ms", "500",
                "request.timeout.ms", "500"));

    // When, Then
    assertThatThrownBy(() -> new SlideScanner(config))
        .isInstanceOf(ScanException.class)
        .hasMessageContaining("127.0.0.1:9")
        .hasMessageContaining("bootstrap.servers");
  }

  @Test
  void shouldTellProgressBySlide() throws Exception {
    // Given
    RgbImage picture = new SyntheticTissue(5).tile("brain", 0, 32).image();
    Files.write(dir.resolve("p1.png"), RgbPng.encode(picture));
    Files.write(dir.resolve("p2.png"), RgbPng.encode(picture));
    List<Map.Entry<Long, Long>> heard = new ArrayList<>();

    // When
    try (SlideScanner scanner = new SlideScanner(platform.config())) {
      scanner.scan(
          ScanRequest.of("brain", dir),
          (phase, done, total, note) -> heard.add(entry(done, total)));
    }

    // Then
    assertThat(heard).containsExactly(entry(0L, 2L), entry(1L, 2L), entry(2L, 2L));
  }

  private static ScanSummary scan(ScanRequest request) {
    return scan(request, Map.of());
  }

  private static ScanSummary scan(ScanRequest request, Map<String, String> settings) {
    ServiceConfig config = platform.config();
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      config = config.with(setting.getKey(), setting.getValue());
    }
    try (SlideScanner scanner = new SlideScanner(config)) {
      return scanner.scan(request, ProgressListener.SILENT);
    }
  }

  private static RgbImage decode(TileScanned tile) throws Exception {
    ByteBuffer image = tile.getImage().duplicate();
    byte[] bytes = new byte[image.remaining()];
    image.get(bytes);
    return new ImageDecoder(ImageLimits.forTiles()).decode(bytes);
  }

  private static Map<String, TileScanned> tilesOf(String slideId) {
    Map<String, TileScanned> tiles = new TreeMap<>();
    records(Topics.TILES_SCANNED, tile -> tile.getSlideId().equals(slideId))
        .forEach(tile -> tiles.put(tile.getTileId(), tile));
    return tiles;
  }

  private static SlideScanned manifestOf(String slideId) {
    List<SlideScanned> found =
        records(Topics.SLIDES_SCANNED, manifest -> manifest.getSlideId().equals(slideId));
    return found.get(found.size() - 1);
  }

  /** Everything that is on a topic now and fits. */
  private static <V extends SpecificRecord> List<V> records(
      TopicSpec<V> topic, Predicate<V> wanted) {
    List<V> found = new ArrayList<>();
    KafkaClients clients = new KafkaClients(platform.config(), "test");
    try (Consumer<String, V> consumer = clients.consumer(topic, null, Map.of())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(
                record -> {
                  if (wanted.test(record.value())) {
                    found.add(record.value());
                  }
                });
      }
    }
    return found;
  }
}
