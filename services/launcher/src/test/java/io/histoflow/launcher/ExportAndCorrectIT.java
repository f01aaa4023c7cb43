package io.histoflow.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.testing.CommittedRecords;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.ContractData;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.Verdict;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A slide of two tiles out to a file, mended there, and back. */
@ExtendWith(PlatformExtension.class)
class ExportAndCorrectIT {
  private static final int SIDE = 16;
  private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private Path configFile;
  private KafkaClients clients;
  private StringWriter out;
  private StringWriter err;

  @BeforeEach
  void configure(EmbeddedPlatform platform) throws Exception {
    ServiceConfig config = platform.config();
    clients = new KafkaClients(config, "test");
    configFile = folder.resolve("cluster.properties");
    Properties properties = new Properties();
    properties.putAll(config.asMap());
    try (var stream = Files.newOutputStream(configFile)) {
      properties.store(stream, null);
    }
  }

  @Test
  void shouldMakeOneMendedPolygonTheTilesCorrection() throws Exception {
    // Given a nucleus on both tiles, one on the right tile alone, and an alert of the right tile
    String slide = "round trip/1";
    publish(Topics.SLIDES_SCANNED, slide, manifest(slide));
    tile(slide, 0, mask(new int[] {12, 4, 4, 3}), false);
    tile(slide, SIDE, mask(new int[] {0, 4, 3, 3}, new int[] {8, 8, 4, 4}), true);
    Path file = folder.resolve("out.geojson");

    // When
    JsonNode exported = json("export", slide, "--out", file.toString(), "--annotations");
    // Then
    assertThat(exported.path("nuclei").asLong()).isEqualTo(2);
    assertThat(exported.path("tilesMissing").asLong()).isZero();

    // When nothing was changed
    JsonNode unchanged = correct(slide, file, "anna", "--complete");
    // Then
    assertThat(unchanged.path("unchanged").asLong()).isEqualTo(2);
    assertThat(unchanged.path("tilesCorrected").asLong()).isZero();

    // When the nucleus of the right tile is drawn anew, two rows less high
    ObjectNode collection = (ObjectNode) JSON.readTree(file.toFile());
    ObjectNode square =
        (ObjectNode)
            (isSquare(collection.at("/features/0"))
                ? collection.at("/features/0/geometry")
                : collection.at("/features/1/geometry"));
    square.set("coordinates", JSON.readTree("[[[24,8],[28,8],[28,10],[24,10],[24,8]]]"));
    ((ArrayNode) collection.path("features"))
        .addObject()
        .put("type", "Feature")
        .set(
            "geometry",
            JSON.readTree(
                "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[9,9],[9,0],[0,9],[0,0]]]}"));
    JSON.writeValue(file.toFile(), collection);
    JsonNode dry = correct(slide, file, "anna", "--dry-run");
    JsonNode mended = correct(slide, file, " anna ");
    // Then
    assertThat(dry.path("tilesCorrected").asLong()).isEqualTo(1);
    assertThat(mended.path("mended").asLong()).isEqualTo(1);
    assertThat(mended.path("refusals").get(0).asText())
        .startsWith("Outline 3: it crosses or touches itself near (4.5, 4.5)");
    assertThat(mended.path("tilesCorrected").asLong()).isEqualTo(1);
    assertThat(mended.path("alertsClosed").asLong()).isEqualTo(1);
    List<MaskCorrected> verdicts = verdicts(Topics.MASKS_CORRECTED, slide);
    assertThat(verdicts).hasSize(1);
    MaskCorrected verdict = verdicts.get(0);
    assertThat(verdict.getTileId()).isEqualTo(id(slide, SIDE));
    assertThat(verdict.getReviewer()).isEqualTo("anna");
    assertThat(verdict.getVerdict()).isEqualTo(Verdict.CORRECTED);
    assertThat(verdict.getModelVersion()).isEqualTo(3);
    assertThat(verdict.getImage().remaining()).isPositive();
    assertThat(MaskPng.decode(ContractData.bytes(verdict.getMask()), ImageLimits.forTiles()))
        .isEqualTo(mask(new int[] {0, 4, 3, 3}, new int[] {8, 8, 4, 2}));
    List<ConsumerRecord<byte[], byte[]>> alerts =
        CommittedRecords.withKey(clients, Topics.TILES_REVIEW.name(), id(slide, SIDE));
    assertThat(alerts.get(alerts.size() - 1).value()).isNull();

    // When it is exported again, as a table
    Path csv = folder.resolve("out.csv");
    json("export", slide, "--format", "csv", "--out", csv.toString());
    // Then
    assertThat(Files.readAllLines(csv))
        .hasSize(3)
        .anyMatch(line -> line.contains(",26.00,9.00,8.00,2.000,,kidney,m,3,corrected"))
        .anyMatch(line -> line.endsWith(",corrected+none"));
  }

  @Test
  void shouldGiveASecondOpinionOnWhatAnotherJudgedAndLetOneChangeOnesMind() throws Exception {
    // Given a tile that was never in review
    String slide = "opinions/1";
    publish(Topics.SLIDES_SCANNED, slide, manifest(slide));
    tile(slide, 0, mask(new int[] {2, 2, 3, 3}), false);
    tile(slide, SIDE, mask(), false);
    Path file = folder.resolve("drawn.geojson");

    // When
    Files.writeString(file, feature(0, 0));
    JsonNode first = correct(slide, file, "anna");
    Files.writeString(file, feature(10, 0));
    JsonNode second = correct(slide, file, "anna");
    Files.writeString(file, feature(10, 10));
    JsonNode other = correct(slide, file, "bert");
    // Then
    assertThat(first.path("tilesCorrected").asLong()).isEqualTo(1);
    assertThat(first.path("missing").asLong()).isEqualTo(1);
    assertThat(second.path("tilesCorrected").asLong()).isEqualTo(1);
    assertThat(other.path("secondOpinions").asLong()).isEqualTo(1);
    assertThat(verdicts(Topics.MASKS_CORRECTED, slide)).hasSize(2);
    assertThat(verdicts(Topics.MASKS_OPINIONS, slide))
        .singleElement()
        .satisfies(
            opinion ->
                assertThat(
                        MaskPng.decode(
                            ContractData.bytes(opinion.getMask()), ImageLimits.forTiles()))
                    .isEqualTo(
                        mask(
                            new int[] {2, 2, 3, 3},
                            new int[] {0, 0, 2, 2},
                            new int[] {10, 0, 2, 2},
                            new int[] {10, 10, 2, 2})));
  }

  @Test
  void shouldSayWhatIsWrongAndWhatToDo() {
    assertThat(run("export", "nobody's slide")).isEqualTo(1);
    assertThat(err.toString()).contains("No slide nobody's slide is known here");
    assertThat(run("export", "s", "--simplify=-1")).isEqualTo(2);
    assertThat(err.toString()).contains("by 0 to 100 pixels, not by -1.0: change --simplify");
    assertThat(run("export", "s", "--format", "svg")).isEqualTo(2);
    assertThat(err.toString()).contains("svg").contains("GEOJSON, CSV");
    assertThat(run("correct", "f.geojson", "--slide", "s", "--reviewer", " ")).isEqualTo(2);
    assertThat(err.toString()).contains("reviewer");
  }

  private static boolean isSquare(JsonNode feature) {
    return feature.at("/geometry/coordinates/0/0/0").asInt() >= 20;
  }

  private static String feature(int x, int y) {
    return """
    [{"type":"Feature","geometry":{"type":"Polygon",
    "coordinates":[[[%1$d,%2$d],[%3$d,%2$d],[%3$d,%4$d],[%1$d,%4$d],[%1$d,%2$d]]]}}]\
    """
        .formatted(x, y, x + 2, y + 2);
  }

  private static Mask mask(int[]... rectangles) {
    byte[] values = new byte[SIDE * SIDE];
    for (int[] r : rectangles) {
      for (int y = r[1]; y < r[1] + r[3]; y++) {
        Arrays.fill(values, y * SIDE + r[0], y * SIDE + r[0] + r[2], (byte) 1);
      }
    }
    return Mask.of(SIDE, SIDE, values);
  }

  private static String id(String slide, int x) {
    return slide + "/" + x + "/0";
  }

  private static SlideScanned manifest(String slide) {
    return SlideScanned.newBuilder()
        .setSlideId(slide)
        .setOrgan("kidney")
        .setTileCount(2)
        .setScannedAt(NOW)
        .build();
  }

  private void tile(String slide, int x, Mask mask, boolean inReview) throws Exception {
    RecordMetadata at =
        publish(
            Topics.TILES_SCANNED,
            id(slide, x),
            TileScanned.newBuilder()
                .setTileId(id(slide, x))
                .setSlideId(slide)
                .setOrgan("kidney")
                .setX(x)
                .setY(0)
                .setWidth(SIDE)
                .setHeight(SIDE)
                .setFormat(ImageFormat.PNG)
                .setImage(ByteBuffer.wrap(MaskPng.encode(mask)))
                .setScannedAt(NOW)
                .build());
    TileSegmented result =
        TileSegmented.newBuilder()
            .setTileId(id(slide, x))
            .setSlideId(slide)
            .setOrgan("kidney")
            .setConditionedOn("kidney")
            .setX(x)
            .setY(0)
            .setWidth(SIDE)
            .setHeight(SIDE)
            .setMicronsPerPixel(0.5)
            .setMask(ByteBuffer.wrap(MaskPng.encode(mask)))
            .setMaskThreshold(0.5)
            .setMeanEntropy(0.1)
            .setTailEntropy(0.1)
            .setRoutingScore(0.1)
            .setRoutingScoreName("mean-entropy")
            .setPositiveFraction(0.1)
            .setModelId("m")
            .setModelVersion(3)
            .setTile(new TileLocation(at.topic(), at.partition(), at.offset()))
            .setScannedAt(NOW)
            .setSegmentedAt(NOW)
            .build();
    publish(Topics.TILES_SEGMENTED, slide, result);
    if (inReview) {
      publish(
          Topics.TILES_REVIEW,
          id(slide, x),
          new ReviewRequested(
              result, ReviewReason.UNCERTAIN, 0.9, 0.5, 0.1, NOW, false, null, false, null));
    }
  }

  private <V extends SpecificRecord> RecordMetadata publish(TopicSpec<V> topic, String key, V value)
      throws Exception {
    try (Producer<String, V> producer = clients.producer(topic, Map.of())) {
      return producer.send(new ProducerRecord<>(topic.name(), key, value)).get();
    }
  }

  private List<MaskCorrected> verdicts(TopicSpec<MaskCorrected> topic, String slide) {
    return CommittedRecords.valuesOf(clients, topic).stream()
        .filter(verdict -> verdict.getSlideId().equals(slide))
        .toList();
  }

  private JsonNode correct(String slide, Path file, String reviewer, String... more)
      throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of("correct", file.toString(), "--slide", slide, "--reviewer", reviewer));
    all.addAll(List.of(more));
    return json(all.toArray(String[]::new));
  }

  private JsonNode json(String... args) throws Exception {
    Path file = folder.resolve("result.json");
    Files.deleteIfExists(file);
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--json", file.toString()));
    int code = run(all.toArray(String[]::new));
    assertThat(file).as(err.toString()).exists();
    JsonNode result = JSON.readTree(file.toFile());
    assertThat(code).isEqualTo(result.path("refused").asLong() == 0 ? 0 : 1);
    return result;
  }

  private int run(String... args) {
    out = new StringWriter();
    err = new StringWriter();
    CommandLine command = Histoflow.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--config", configFile.toString()));
    return command.execute(all.toArray(String[]::new));
  }
}
