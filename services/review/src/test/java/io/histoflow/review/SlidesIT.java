package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.platform.config.PrivateFile;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.support.Drawings;
import io.histoflow.review.support.Http;
import io.histoflow.review.support.SharedPlatform;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.ContractData;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.Verdict;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A slide's results out over HTTP, and outlines back. */
@ExtendWith(SharedPlatform.class)
class SlidesIT {
  // As in AuditIT: everybody's password is the same.
  private static final String HASH =
      ":$2y$04$sk13uKqd5yXeNOSQPyKRTes3oduY6aUQjXC.D9p496RuWnxnBFMEq";
  private static final String SLIDE = "/api/slides/slide-of-taken%20out";
  private static final String LEA = basic("lea");
  private static final String REA = basic("rea");
  private static final String VERA = basic("vera");

  /** Columns 514 to 517 and rows 1026 to 1028 of the slide, then one that crosses itself. */
  private static final String OUTLINES =
      """
      {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates":
          [[[514,1026],[518,1026],[518,1029],[514,1029],[514,1026]]]}},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates":
          [[[520,1030],[529,1039],[529,1030],[520,1039],[520,1030]]]}}]}
      """;

  private static TestTopics topics;
  private static ReviewService service;
  private static Http http;

  @BeforeAll
  static void start(ServiceConfig platform, @TempDir Path directory) throws IOException {
    Path users = directory.resolve("users");
    PrivateFile.write(
        users, String.join("\n", "lea" + HASH + ":lead", "rea" + HASH, "vera" + HASH + ":viewer"));
    ServiceConfig config =
        platform
            .with(ReviewSettings.PORT, 0)
            .with(ReviewSettings.USERS, users)
            .with("histoflow.worker.id", "slides");
    topics = new TestTopics(config);
    service = new ReviewService(config);
    service.start();
    http = new Http(service.port());
  }

  @AfterAll
  static void stop() {
    service.close();
    topics.close();
  }

  @Test
  void shouldTakeOutlinesOutAndTakeThemBackAsCorrections() throws Exception {
    // Given: a slide of one tile, which is in review
    TestAlert alert = TestAlert.of("out and/back", "taken out", 0.9);
    TileLocation tile = topics.scan(alert, 0, ImageFormat.PNG, Drawings.imagePng(64, 48));
    TileSegmented result = alert.requested(tile).getSegmentation();
    topics.publish(Topics.TILES_SEGMENTED, result.getSlideId(), result);
    topics.raise(alert, tile);
    await().until(() -> get(Http.alert(alert.tileId(), ""), REA).statusCode() == 200);

    // When: a viewer takes it out
    HttpResponse<byte[]> geojson = get(SLIDE + "/export", VERA);
    HttpResponse<byte[]> csv = get(SLIDE + "/export?format=csv", VERA);
    HttpResponse<byte[]> mask = get(SLIDE + "/export?format=masks", VERA);

    // Then
    assertThat(geojson.statusCode()).isEqualTo(200);
    assertThat(geojson.headers().firstValue("Content-Type")).hasValue("application/geo+json");
    assertThat(geojson.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=\"slide-of-taken_out.geojson\"");
    JsonNode features = http.json(geojson).path("features");
    assertThat(features).isNotEmpty();
    assertThat(text(csv).lines()).hasSize(features.size() + 1);
    assertThat(mask.headers().firstValue("Content-Type")).hasValue("image/tiff");
    assertThat(mask.body()).startsWith('I', 'I', 43, 0);
    await()
        .untilAsserted(
            () ->
                assertThat(http.json(get("/api/audit?limit=500", LEA)).path("acts"))
                    .extracting(act -> act.path("reviewer") + " " + act.path("detail"))
                    .contains("\"vera\" \"as geojson\"", "\"vera\" \"as masks\""));

    // When: outlines come back, from who may not, as a question, and in earnest
    HttpResponse<byte[]> viewers = post("", VERA);
    JsonNode asked = http.json(post("?dryRun=true", REA));
    JsonNode done = http.json(post("", REA));

    // Then
    assertThat(viewers.statusCode()).isEqualTo(403);
    assertThat(asked.path("tilesCorrected").asInt()).isEqualTo(1);
    assertThat(done.path("drawn").asInt()).isEqualTo(1);
    assertThat(done.path("missing").asInt()).isEqualTo(features.size());
    assertThat(done.path("refusals"))
        .singleElement()
        .satisfies(
            sentence ->
                assertThat(sentence.asText()).startsWith("Outline 2: it crosses or touches"));
    assertThat(done.path("alertsClosed").asInt()).isEqualTo(1);
    MaskCorrected verdict = topics.awaitVerdict(alert.tileId());
    assertThat(topics.verdicts(alert.tileId())).hasSize(1);
    assertThat(verdict.getVerdict()).isEqualTo(Verdict.CORRECTED);
    assertThat(verdict.getReviewer()).isEqualTo("rea");
    assertThat(decoded(verdict.getMask())).isEqualTo(withSquare(decoded(result.getMask())));
  }

  @Test
  void shouldSayWhatIsWrong() {
    assertThat(get("/api/slides/nobody's/export", VERA).statusCode()).isEqualTo(404);
    assertThat(error(get("/api/slides/nobody's/export", VERA)))
        .startsWith("No slide nobody's is known here");
    assertThat(error(get(SLIDE + "/export?format=svg", VERA)))
        .isEqualTo("The format must be one of geojson, csv, masks, dicom-ann.");
    assertThat(error(get(SLIDE + "/export?format=csv&simplify=1", VERA)))
        .startsWith("annotations goes with the format geojson only");
    assertThat(error(get(SLIDE + "/export?format=csv&annotations=true", VERA)))
        .startsWith("annotations goes with");
    assertThat(error(get(SLIDE + "/export?simplify=much", VERA)))
        .startsWith("simplify must be a number");
    assertThat(error(get(SLIDE + "/export?annotations=yes", VERA)))
        .isEqualTo("annotations must be true or false.");
    assertThat(http.get(SLIDE + "/export").statusCode()).isEqualTo(401);
    assertThat(http.error(http.post(SLIDE + "/corrections", OUTLINES))).startsWith("Sign in first");
  }

  @Test
  void shouldRefuseABodyThatIsNoOutlinesWithoutTellingWhereItLay() {
    // Given
    TestAlert alert = TestAlert.of("damaged/1", "damaged body", 0.9);
    TileSegmented result = alert.requested(0).getSegmentation();
    topics.publish(Topics.TILES_SEGMENTED, result.getSlideId(), result);

    // When
    List<HttpResponse<byte[]>> answers =
        Stream.of("[{\"type\"", "7", "{}")
            .map(
                body ->
                    http.post(
                        "/api/slides/slide-of-damaged%20body/corrections",
                        body, "Authorization", REA))
            .toList();

    // Then
    assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(400);
    assertThat(answers.stream().map(http::error))
        .allMatch(sentence -> sentence.startsWith("The body of the request "))
        .noneMatch(sentence -> sentence.contains("histoflow-slide-"));
  }

  private static Mask withSquare(Mask mask) {
    byte[] values = new byte[mask.width() * mask.height()];
    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        boolean square = x >= 2 && x < 6 && y >= 2 && y < 5;
        values[y * mask.width() + x] = (byte) (square || mask.at(x, y) ? 1 : 0);
      }
    }
    return Mask.of(mask.width(), mask.height(), values);
  }

  private static Mask decoded(ByteBuffer png) throws Exception {
    return MaskPng.decode(ContractData.bytes(png), ImageLimits.forTiles());
  }

  private static HttpResponse<byte[]> get(String path, String who) {
    return http.get(path, "Authorization", who);
  }

  private static HttpResponse<byte[]> post(String query, String who) {
    return http.post(SLIDE + "/corrections" + query, OUTLINES, "Authorization", who);
  }

  private static String error(HttpResponse<byte[]> answer) {
    return http.error(answer);
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static String basic(String name) {
    byte[] credentials = (name + ":correct horse").getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(credentials);
  }
}
