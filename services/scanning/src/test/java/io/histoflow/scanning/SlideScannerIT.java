package io.histoflow.scanning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.ImageDecoder;
import io.histoflow.imaging.codec.RgbJpeg;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.Inflater;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.Utils;
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
  void shouldSayInTheManifestWhichDicomImageASlideCameFrom() throws Exception {
    // Given
    Path file = dir.resolve("of-dicom.dcm");
    try (InputStream in = getClass().getResourceAsStream("image/sparse-jpeg.dcm")) {
      Files.copy(in, file);
    }

    // When
    ScanSummary summary = scan(ScanRequest.of("lung", file));

    // Then: it names no study
    assertThat(summary.complete()).isTrue();
    SlideScanned manifest = manifestOf("of-dicom");
    assertThat(manifest.getDicomImageUid()).isEqualTo("1.2.3.162775148");
    assertThat(manifest.getDicomSeriesUid()).isEqualTo("1.2.3.4.6");
    assertThat(manifest.getDicomStudyUid()).isNull();
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
            reason -> assertThat(reason).doesNotContain("bad1.jpg").contains("cut off"),
            reason -> assertThat(reason).doesNotContain("bad2.png").contains("look like text"));
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
  void shouldRefuseAnotherScanOfASlideThatIsThereUnlessToldToReplaceIt() throws Exception {
    // Given: 2 x 2 tiles
    RgbImage picture = new SyntheticTissue(6).tile("liver", 0, 300).image();
    Path file = Files.write(dir.resolve("once.png"), RgbPng.encode(picture));
    scan(ScanRequest.of("liver", file));
    SlideScanned first = manifestOf("once");
    assertThat(first.getScanId()).hasSize(32);

    // When: another grid, another organ, then other content
    Map<String, String> smaller = Map.of("histoflow.scan.tile.size", "192");
    ScanSummary grid = scan(ScanRequest.of("liver", file), smaller);
    ScanSummary organ = scan(ScanRequest.of("kidney", file));
    Files.write(file, RgbPng.encode(new SyntheticTissue(7).tile("liver", 0, 300).image()));
    ScanSummary content = scan(ScanRequest.of("liver", file));

    // Then
    for (ScanSummary refused : List.of(grid, organ, content)) {
      assertThat(refused.slides()).isZero();
      assertThat(refused.failures())
          .singleElement()
          .extracting(ScanFailure::reason)
          .asString()
          .contains("'once' is there already", "as liver with 4 tiles", "--replace", "--id-from")
          .contains(first.getScannedAt().toString().substring(0, 10));
    }
    assertThat(tilesOf("once")).hasSize(4);

    // When it may be replaced, and is scanned once more
    scan(replacing(file), smaller);
    SlideScanned second = manifestOf("once");
    ScanSummary again = scan(ScanRequest.of("liver", file), smaller);

    // Then: its tiles are others, and the same again
    assertThat(second.getScanId()).isNotEqualTo(first.getScanId());
    assertThat(again.complete()).isTrue();
    assertThat(manifestOf("once").getScanId()).isEqualTo(second.getScanId());
    String prefix = "once/" + second.getScanId().substring(0, 8) + "/";
    assertThat(tilesOf("once")).hasSize(8).containsKeys("once/0/0", prefix + "0/0");
    assertThat(tilesOf("once").values())
        .allSatisfy(
            tile ->
                assertThat(tile.getScanId())
                    .isEqualTo(
                        tile.getTileId().startsWith(prefix)
                            ? second.getScanId()
                            : first.getScanId()));

    // When the first is put back, then its tiles are new as well: the old ones may be anywhere
    Files.write(file, RgbPng.encode(picture));
    scan(replacing(file), Map.of());
    assertThat(manifestOf("once").getScanId())
        .isNotEqualTo(first.getScanId())
        .isNotEqualTo(second.getScanId());
  }

  @Test
  void shouldNameAFileThatBreaksItsReaderAndPublishTheOthers() throws Exception {
    // Given: tiles of 2147483647 pixels
    RgbImage picture = new SyntheticTissue(8).tile("lung", 0, 64).image();
    Files.write(dir.resolve("w1.png"), RgbPng.encode(picture));
    Files.write(dir.resolve("w2.tif"), hugeTile());
    Files.write(dir.resolve("w3.png"), RgbPng.encode(picture));

    // When
    ScanSummary summary = scan(ScanRequest.of("lung", dir));

    // Then
    assertThat(summary.slides()).isEqualTo(2);
    assertThat(summary.failures())
        .singleElement()
        .extracting(ScanFailure::sentence)
        .asString()
        .startsWith(dir.resolve("w2.tif") + ": ");
    assertThat(manifestOf("w3").getTileCount()).isEqualTo(1);
  }

  @Test
  void shouldSpeakOfTheClockWhereTheBrokersRefuseTheTime() throws Exception {
    // Given: brokers for which every record comes from the past
    Path file =
        Files.write(
            dir.resolve("late.png"),
            RgbPng.encode(new SyntheticTissue(9).tile("lung", 0, 64).image()));
    set(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, "0");

    // When, Then
    try {
      assertThatThrownBy(() -> scan(ScanRequest.of("lung", file), Map.of("linger.ms", "100")))
          .isInstanceOf(ScanException.class)
          .hasMessageContaining("set the clock");
    } finally {
      set(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, Long.toString(Long.MAX_VALUE));
    }
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
    try (var in = SlideScannerIT.class.getResourceAsStream("image/jpeg-tiles.tif")) {
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
  void shouldLeaveOutGlassAndCountItInTheManifest() throws Exception {
    // Given: 1024 x 512 pixels of 0.25 micrometres, tissue in the upper left tile only
    byte[] rgb = new byte[1024 * 512 * 3];
    Arrays.fill(rgb, (byte) 240);
    RgbImage tissue = new SyntheticTissue(6).tile("liver", 0, 200).image();
    for (int y = 0; y < 200; y++) {
      System.arraycopy(tissue.rgb(), y * 600, rgb, y * 1024 * 3, 600);
    }
    Path file = Files.write(dir.resolve("pale.png"), RgbPng.encode(RgbImage.of(1024, 512, rgb)));
    Path picture = dir.resolve("picture.png");

    // When
    ScanSummary summary = scan(request(file, "pale", false, Optional.of(picture), false));

    // Then
    assertThat(summary.tiles()).isEqualTo(1);
    assertThat(summary.glass()).isEqualTo(7);
    assertThat(tilesOf("pale")).containsOnlyKeys("pale/0/0");
    assertThat(tilesOf("pale").get("pale/0/0").getMicronsPerPixel()).isEqualTo(0.25);
    assertThat(manifestOf("pale").getTileCount()).isEqualTo(1);
    assertThat(manifestOf("pale").getTilesGlass()).isEqualTo(7);
    byte[] bits = new byte[2];
    Inflater inflater = new Inflater();
    inflater.setInput(manifestOf("pale").getGlassPlaces());
    assertThat(inflater.inflate(bits)).isEqualTo(1);
    assertThat(bits[0]).as("all but the first of 4 x 2").isEqualTo((byte) 0b1111_1110);
    RgbImage drawn = new ImageDecoder(ImageLimits.forTiles()).decode(picture);
    assertThat(drawn.width()).as("pixels of 8 micrometres").isEqualTo(32);
    assertThat(drawn.rgb()[3 * 31] & 0xFF).as("a tile that is left out").isLessThan(150);

    // When: another choice of tiles is another scan of the slide
    ScanSummary refused = scan(request(file, "pale", true, Optional.empty(), false));
    ScanSummary replaced = scan(request(file, "pale", true, Optional.empty(), true));

    // Then
    assertThat(refused.tiles()).isZero();
    assertThat(refused.failures().get(0).reason()).contains("--replace");
    assertThat(replaced.tiles()).isEqualTo(8);
    assertThat(replaced.glass()).isZero();
    assertThat(manifestOf("pale").getTileCount()).isEqualTo(8);
  }

  @Test
  void shouldPublishEveryTileWhereNoTissueIsFound() throws Exception {
    // Given
    byte[] rgb = new byte[600 * 300 * 3];
    Arrays.fill(rgb, (byte) 240);
    Path file = Files.write(dir.resolve("empty.png"), RgbPng.encode(RgbImage.of(600, 300, rgb)));
    List<String> heard = new ArrayList<>();

    // When
    ScanSummary summary;
    try (SlideScanner scanner = new SlideScanner(platform.config(), heard::add)) {
      summary = scanner.scan(ScanRequest.of("skin", file), ProgressListener.SILENT);
    }

    // Then
    assertThat(summary.tiles()).isEqualTo(6);
    assertThat(heard).anyMatch(notice -> notice.contains("no tissue was found"));
  }

  private static ScanRequest request(
      Path file, String id, boolean allTiles, Optional<Path> picture, boolean replace) {
    return new ScanRequest(
        List.of(file),
        Optional.of("skin"),
        Optional.of(id),
        IdSource.NAME,
        false,
        replace,
        new PixelChoice(OptionalDouble.of(0.25), OptionalDouble.empty(), allTiles, picture));
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

  @Test
  void shouldGoOnWhereAScanWasInterruptedWithoutPublishingATileTwice() throws Exception {
    // Given a slide of nine tiles whose scan ends after four
    RgbImage picture = new SyntheticTissue(6).image("colon", 0, 700, 700).image();
    Path file = Files.write(dir.resolve("stopped.png"), RgbPng.encode(picture));
    ServiceConfig config =
        platform.config().with("histoflow.scan.journal", dir.resolve("journal").toString());
    try (SlideScanner scanner = new SlideScanner(config)) {
      assertThatThrownBy(
              () ->
                  scanner.scan(
                      ScanRequest.of("colon", file),
                      (phase, done, total, note) -> {
                        if (done == 4) {
                          throw new IllegalStateException("interrupted");
                        }
                      }))
          .hasMessage("interrupted");
    }
    assertThat(records(Topics.SLIDES_SCANNED, m -> m.getSlideId().equals("stopped"))).isEmpty();

    // When
    List<String> notices = new ArrayList<>();
    ScanSummary summary;
    try (SlideScanner scanner = new SlideScanner(config, notices::add)) {
      summary = scanner.scan(ScanRequest.of("colon", file), ProgressListener.SILENT);
    }

    // Then
    assertThat(summary.tiles()).isEqualTo(5);
    assertThat(notices).anyMatch(notice -> notice.contains("interrupted: 4 tiles are there"));
    assertThat(records(Topics.TILES_SCANNED, tile -> tile.getSlideId().equals("stopped")))
        .extracting(TileScanned::getTileId)
        .doesNotHaveDuplicates()
        .hasSize(9);
    assertThat(manifestOf("stopped").getTileCount()).isEqualTo(9);
    assertThat(dir.resolve("journal")).isEmptyDirectory();
  }

  @Test
  void shouldPublishInTheOrderOfTheGridHoweverManyThreadsRead() throws Exception {
    // Given: 20 x 20 tiles
    RgbImage picture = new SyntheticTissue(6).image("colon", 0, 640, 640).image();
    Path file = Files.write(dir.resolve("threads.png"), RgbPng.encode(picture));
    List<Long> heard = new ArrayList<>();

    // When
    ServiceConfig config =
        platform
            .config()
            .with("histoflow.scan.threads", "5")
            .with("histoflow.scan.tile.size", "32")
            .with("histoflow.scan.skip.glass", "false");
    try (SlideScanner scanner = new SlideScanner(config)) {
      scanner.scan(ScanRequest.of("colon", file), (phase, done, total, note) -> heard.add(done));
    }

    // Then: records come partition by partition, each in its order
    List<TileScanned> all =
        records(Topics.TILES_SCANNED, tile -> tile.getSlideId().equals("threads"));
    assertThat(all).hasSize(400);
    int partitions = 6;
    for (int partition = 0; partition < partitions; partition++) {
      int wanted = partition;
      assertThat(all.stream().filter(tile -> partitionOf(tile, partitions) == wanted))
          .isSortedAccordingTo(
              Comparator.comparing(TileScanned::getY).thenComparing(TileScanned::getX));
    }
    assertThat(heard).hasSize(400).isSorted();
  }

  private static int partitionOf(TileScanned tile, int partitions) {
    return Utils.toPositive(Utils.murmur2(tile.getTileId().getBytes(StandardCharsets.UTF_8)))
        % partitions;
  }

  private static ScanRequest replacing(Path file) {
    return new ScanRequest(
        List.of(file), Optional.of("liver"), Optional.empty(), IdSource.NAME, false, true);
  }

  /** A TIFF of one grey tile: 12 entries of tag, type 4, count 1 and value. */
  private static byte[] hugeTile() {
    int[][] tags = {
      {256, 64},
      {257, 64},
      {258, 8},
      {259, 1},
      {262, 1},
      {277, 1},
      {322, Integer.MAX_VALUE},
      {323, Integer.MAX_VALUE},
      {324, 8},
      {325, 1}
    };
    ByteBuffer tiff = ByteBuffer.allocate(14 + 12 * tags.length).order(ByteOrder.LITTLE_ENDIAN);
    tiff.putShort((short) 0x4949).putShort((short) 42).putInt(8).putShort((short) tags.length);
    for (int[] tag : tags) {
      tiff.putShort((short) tag[0]).putShort((short) 4).putInt(1).putInt(tag[1]);
    }
    return tiff.array();
  }

  private static void set(String key, String value) throws Exception {
    try (Admin admin = new KafkaClients(platform.config(), "test").admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, Topics.TILES_SCANNED.name()),
                  List.of(
                      new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
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
