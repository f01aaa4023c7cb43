package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.ImageDecoder;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.imaging.codec.RgbJpeg;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.review.support.Drawings;
import io.histoflow.review.support.Http;
import io.histoflow.review.support.SharedPlatform;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestDrift;
import io.histoflow.review.support.TestModel;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.ContractData;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DriftState;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.Verdict;
import io.histoflow.schemas.WorkerVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.CRC32;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The HTTP API on a real broker and a real registry. */
@ExtendWith(SharedPlatform.class)
class ReviewServiceIT {
  private static ServiceConfig config;
  private static TestTopics topics;
  private static ReviewService service;
  private static Http http;

  @BeforeAll
  static void start(ServiceConfig platform) {
    config = platform.with(ReviewSettings.PORT, 0);
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
  void shouldListTheMostUncertainAlertsOfAnOrganFirst() {
    // Given
    topics.raise(TestAlert.of("order-low", "order", 0.3));
    topics.raise(TestAlert.of("order-high", "order", 0.9));
    topics.raise(TestAlert.of("order-middle", "order", 0.6));
    awaitOpen("order", 3);

    // When
    JsonNode first = http.getJson("/api/alerts?organ=order&limit=2");
    JsonNode second =
        http.getJson("/api/alerts?organ=order&limit=2&cursor=" + first.path("next").asText());

    // Then
    assertThat(tileIds(first)).containsExactly("order-high", "order-middle");
    assertThat(first.path("total").asInt()).isEqualTo(3);
    assertThat(tileIds(second)).containsExactly("order-low");
    assertThat(second.path("next").isNull()).isTrue();
  }

  @Test
  void shouldSayOfAnAlertWhatTheContractSays() {
    // Given
    topics.raise(TestAlert.of("facts", "facts", 0.4));
    awaitOpen("facts", 1);

    // When
    JsonNode alert = http.getJson(Http.alert("facts", ""));

    // Then
    assertThat(alert.path("slideId").asText()).isEqualTo("slide-of-facts");
    assertThat(alert.path("conditionedOn").asText()).isEqualTo("unknown");
    assertThat(alert.path("x").asInt()).isEqualTo(512);
    assertThat(alert.path("height").asInt()).isEqualTo(48);
    assertThat(alert.path("micronsPerPixel").asDouble()).isEqualTo(0.25);
    assertThat(alert.path("reason").asText()).isEqualTo("UNCERTAIN");
    assertThat(alert.path("score").asDouble()).isEqualTo(0.4);
    assertThat(alert.path("scoreName").asText()).isEqualTo("mean-entropy");
    assertThat(alert.path("threshold").asDouble()).isEqualTo(0.25);
    assertThat(alert.path("modelVersion").asLong()).isEqualTo(3);
    assertThat(alert.path("requestedAt").asText()).isEqualTo("2026-01-02T03:04:05.678Z");
  }

  @Test
  void shouldShowTheTileOfAnIdThatHoldsSlashesAndOtherSigns() throws Exception {
    // Given
    String tileId = "slide 1/level+0/50%/ü?#&x=1";
    topics.raise(TestAlert.of(tileId, "signs", 0.4));
    awaitOpen("signs", 1);

    // When
    JsonNode alert = http.getJson(Http.alert(tileId, ""));
    HttpResponse<byte[]> image = http.get(alert.at("/links/image").asText());

    // Then
    assertThat(alert.path("tileId").asText()).isEqualTo(tileId);
    assertThat(image.headers().firstValue("Content-Type")).hasValue("image/png");
    assertThat(decoded(image).rgb()).isEqualTo(Drawings.image(64, 48).rgb());
  }

  @Test
  void shouldShowMaskEntropyAndThumbnail() throws Exception {
    // Given
    topics.raise(new TestAlert("layers", "layers", 0.4, 300, 150));
    awaitOpen("layers", 1);

    // When
    HttpResponse<byte[]> mask = http.get(Http.alert("layers", "/mask"));
    RgbImage entropy = decoded(http.get(Http.alert("layers", "/entropy")));
    RgbImage thumbnail = decoded(http.get(Http.alert("layers", "/thumbnail")));

    // Then
    assertThat(MaskPng.decode(mask.body(), ImageLimits.forTiles()))
        .isEqualTo(Drawings.mask(300, 150));
    assertThat(new int[] {entropy.width(), entropy.height()}).containsExactly(75, 38);
    assertThat(pixel(entropy, 0, 0)).isEqualTo(0x04030f);
    assertThat(pixel(entropy, 74, 37)).isEqualTo(0xfcfaa4);
    assertThat(new int[] {thumbnail.width(), thumbnail.height()}).containsExactly(128, 64);
  }

  @Test
  void shouldShowATileThatWasScannedAsJpeg() throws Exception {
    // Given
    TestAlert alert = TestAlert.of("jpeg", "jpeg", 0.4);
    byte[] jpeg = RgbJpeg.encode(Drawings.image(64, 48), 0.95);
    topics.raise(alert, topics.scan(alert, 0, ImageFormat.JPEG, jpeg));
    awaitOpen("jpeg", 1);

    // When
    HttpResponse<byte[]> image = http.get(Http.alert("jpeg", "/image"));

    // Then
    RgbImage expected = new ImageDecoder(ImageLimits.forTiles()).decode(jpeg);
    assertThat(decoded(image).rgb()).isEqualTo(expected.rgb());
  }

  @Test
  void shouldSayOfAnExpiredTileThatItIsGoneAndTakeOnlyUnusableForIt() {
    // Given
    TestAlert alert = TestAlert.of("expired", "expired", 0.4);
    byte[] png = Drawings.imagePng(64, 48);
    topics.raise(alert, topics.scan(alert, TestTopics.DELETED, ImageFormat.PNG, png));
    topics.deleteTiles();
    awaitOpen("expired", 1);

    // When
    HttpResponse<byte[]> image = http.get(Http.alert("expired", "/image"));
    HttpResponse<byte[]> confirmed = correct("expired", confirmed("Ada"));
    HttpResponse<byte[]> unusable =
        correct("expired", "{\"verdict\": \"UNUSABLE\", \"reviewer\": \"Ada\"}");

    // Then
    assertThat(image.statusCode()).isEqualTo(410);
    assertThat(http.error(image)).contains("expired", Topics.TILES_SCANNED.name());
    assertThat(confirmed.statusCode()).isEqualTo(410);
    assertThat(unusable.statusCode()).isEqualTo(201);
    MaskCorrected verdict = topics.awaitVerdict("expired");
    assertThat(verdict.getVerdict()).isEqualTo(Verdict.UNUSABLE);
    assertThat(verdict.getImage().remaining()).isZero();
  }

  @Test
  void shouldSayWhatIsWrongWithATileThatCannotBeShown() {
    // Given
    TestAlert other = TestAlert.of("another-tile", "wrong", 0.4);
    TileLocation elsewhere = topics.scan(other, 0, ImageFormat.PNG, Drawings.imagePng(64, 48));
    TestAlert damaged = TestAlert.of("damaged", "wrong", 0.5);
    byte[] noPng = "this is no picture".getBytes(StandardCharsets.UTF_8);
    topics.raise(TestAlert.of("mistaken", "wrong", 0.4), elsewhere);
    topics.raise(damaged, topics.scan(damaged, 0, ImageFormat.PNG, noPng));
    awaitOpen("wrong", 2);

    // When
    HttpResponse<byte[]> mistaken = http.get(Http.alert("mistaken", "/image"));
    HttpResponse<byte[]> broken = http.get(Http.alert("damaged", "/image"));

    // Then
    assertThat(mistaken.statusCode()).isEqualTo(502);
    assertThat(http.error(mistaken)).contains("is not tile mistaken");
    assertThat(broken.statusCode()).isEqualTo(502);
    assertThat(http.error(broken)).contains("cannot be shown");
  }

  @Test
  void shouldPublishACorrectionWithTheImageAndCloseTheAlert() {
    // Given
    topics.raise(TestAlert.of("corrected/1", "corrected", 0.4));
    awaitOpen("corrected", 1);
    byte[] values = new byte[64 * 48];
    values[0] = 1;
    values[64 * 48 - 1] = 1;
    Mask drawn = Mask.of(64, 48, values);

    // When
    HttpResponse<byte[]> answer =
        correct("corrected/1", corrected(MaskPng.encode(drawn), "Ada", "two more"));

    // Then
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(topics.awaitVerdict("corrected/1"))
        .satisfies(
            verdict -> {
              assertThat(verdict.getVerdict()).isEqualTo(Verdict.CORRECTED);
              assertThat(verdict.getReviewer()).isEqualTo("Ada");
              assertThat(verdict.getComment()).isEqualTo("two more");
              assertThat(verdict.getFormat()).isEqualTo(ImageFormat.PNG);
              assertThat(ContractData.bytes(verdict.getImage()))
                  .isEqualTo(Drawings.imagePng(64, 48));
              assertThat(
                      MaskPng.decode(ContractData.bytes(verdict.getMask()), ImageLimits.forTiles()))
                  .isEqualTo(drawn);
              assertThat(verdict.getModelVersion()).isEqualTo(3);
              assertThat(verdict.getMicronsPerPixel()).isEqualTo(0.25);
            });
    List<ConsumerRecord<byte[], byte[]>> alerts =
        await()
            .until(
                () -> topics.records(Topics.TILES_REVIEW.name(), "corrected/1"),
                records -> records.size() == 2);
    assertThat(alerts.get(1).value()).isNull();
    assertThat(alerts.get(1).partition()).isEqualTo(alerts.get(0).partition());
    assertThat(http.getJson("/api/alerts?organ=corrected").path("total").asInt()).isZero();
  }

  @Test
  void shouldRefuseASecondVerdict() {
    // Given
    topics.raise(TestAlert.of("twice", "twice", 0.4));
    awaitOpen("twice", 1);
    assertThat(correct("twice", confirmed("Ada")).statusCode()).isEqualTo(201);

    // When
    HttpResponse<byte[]> second = correct("twice", confirmed("Grace"));

    // Then
    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(http.error(second)).contains("twice", "reviewed already");
    assertThat(topics.awaitVerdict("twice").getReviewer()).isEqualTo("Ada");
    assertThat(topics.verdicts("twice")).hasSize(1);
  }

  @Test
  void shouldPublishTheModelsMaskWhereItIsConfirmed() throws Exception {
    // Given
    topics.raise(TestAlert.of("confirmed", "confirmed", 0.4));
    awaitOpen("confirmed", 1);

    // When
    correct("confirmed", confirmed("Ada"));

    // Then
    MaskCorrected verdict = topics.awaitVerdict("confirmed");
    assertThat(verdict.getVerdict()).isEqualTo(Verdict.CONFIRMED);
    assertThat(MaskPng.decode(ContractData.bytes(verdict.getMask()), ImageLimits.forTiles()))
        .isEqualTo(Drawings.mask(64, 48));
    assertThat(verdict.getComment()).isNull();
  }

  @Test
  void shouldPublishNoMaskForAnUnusableTile() {
    // Given
    topics.raise(TestAlert.of("unusable", "unusable", 0.4));
    awaitOpen("unusable", 1);

    // When
    correct("unusable", "{\"verdict\": \"unusable\", \"reviewer\": \"Ada\"}");

    // Then
    MaskCorrected verdict = topics.awaitVerdict("unusable");
    assertThat(verdict.getVerdict()).isEqualTo(Verdict.UNUSABLE);
    assertThat(verdict.getMask().remaining()).isZero();
    assertThat(ContractData.bytes(verdict.getImage())).isEqualTo(Drawings.imagePng(64, 48));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badCorrections")
  void shouldRefuseABadCorrectionWithASentence(String name, String body, String sentence) {
    // Given
    topics.raise(TestAlert.of("refused", "refused", 0.4));
    awaitOpen("refused", 1);

    // When
    HttpResponse<byte[]> answer = correct("refused", body);

    // Then
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(http.error(answer)).contains(sentence).endsWith(".");
    assertThat(topics.verdicts("refused")).isEmpty();
    assertThat(http.get(Http.alert("refused", "")).statusCode()).isEqualTo(200);
  }

  static Stream<Arguments> badCorrections() {
    byte[] mask = Drawings.maskPng(64, 48);
    byte[] cut = Arrays.copyOf(mask, mask.length / 2);
    return Stream.of(
        Arguments.of("no JSON", "verdict=CONFIRMED", "is not JSON"),
        Arguments.of("no object", "[1, 2]", "no JSON object"),
        Arguments.of("nothing", "", "no JSON object"),
        Arguments.of("no verdict", "{\"reviewer\": \"Ada\"}", "must be CONFIRMED"),
        Arguments.of("unknown verdict", "{\"verdict\": \"UNKNOWN\"}", "must be CONFIRMED"),
        Arguments.of("no reviewer", "{\"verdict\": \"CONFIRMED\"}", "say who decided"),
        Arguments.of("no mask", "{\"verdict\": \"CORRECTED\"}", "\"mask\" is missing"),
        Arguments.of(
            "a mask too many",
            "{\"verdict\": \"UNUSABLE\", \"mask\": \"AAAA\"}",
            "takes no \"mask\""),
        Arguments.of("unknown field", "{\"verdict\": \"CONFIRMED\", \"x\": 1}", "is not known"),
        Arguments.of(
            "long comment",
            "{\"verdict\": \"CONFIRMED\", \"comment\": \"" + "x".repeat(2001) + "\"}",
            "2001 characters"),
        Arguments.of("no base64", "{\"verdict\": \"CORRECTED\", \"mask\": \"§§\"}", "base64"),
        Arguments.of(
            "no PNG", corrected("text".getBytes(StandardCharsets.UTF_8), "Ada", ""), "mask"),
        Arguments.of("a PNG cut off", corrected(cut, "Ada", ""), "The mask cannot be used"),
        Arguments.of(
            "another size", corrected(Drawings.maskPng(48, 64), "Ada", ""), "48 x 64 pixels"),
        Arguments.of("a bomb", corrected(bomb(), "Ada", ""), "The mask cannot be used"),
        Arguments.of(
            "a deep mask",
            corrected(Drawings.deepMaskPng(64, 48), "Ada", ""),
            "The mask cannot be used"),
        Arguments.of("a zero-width name", confirmed("Ad\u200ba"), "U+200B"),
        Arguments.of("a name from right to left", confirmed("\u202eada"), "U+202E"),
        Arguments.of("a name of fillers", confirmed("\u3164"), "U+3164"),
        Arguments.of(
            "a comment from right to left",
            "{\"verdict\": \"CONFIRMED\", \"comment\": \"a\u2067b\"}",
            "U+2067"),
        Arguments.of("a long name", confirmed("x".repeat(129)), "129 characters"),
        Arguments.of("deep nesting", "[".repeat(100_000), "is not JSON"),
        Arguments.of("a verdict of another type", "{\"verdict\": {}}", "must be text"));
  }

  @Test
  void shouldRefuseABodyThatIsTooLong() {
    // Given
    topics.raise(TestAlert.of("long", "long", 0.4));
    awaitOpen("long", 1);

    // When
    HttpResponse<byte[]> answer = correct("long", "x".repeat(7 << 20));

    // Then
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(http.error(answer)).contains("longer than");
  }

  @Test
  void shouldAnswerWhatIsNotThereWithASentence() {
    // When
    HttpResponse<byte[]> alert = http.get(Http.alert("nobody/knows", ""));
    HttpResponse<byte[]> correction = correct("nobody/knows", confirmed("Ada"));
    HttpResponse<byte[]> path = http.get("/api/nothing");
    HttpResponse<byte[]> limit = http.get("/api/alerts?limit=100000");
    HttpResponse<byte[]> cursor = http.get("/api/alerts?cursor=xyz");

    // Then
    assertThat(alert.statusCode()).isEqualTo(404);
    assertThat(http.error(alert)).contains("no open alert for tile nobody/knows");
    assertThat(correction.statusCode()).isEqualTo(404);
    assertThat(path.statusCode()).isEqualTo(404);
    assertThat(http.error(path)).isEqualTo("There is nothing at this address.");
    assertThat(limit.statusCode()).isEqualTo(400);
    assertThat(cursor.statusCode()).isEqualTo(400);
    assertThat(http.error(cursor)).contains("cursor");
  }

  @Test
  void shouldRefuseRequestsOfOtherWebSites() throws IOException {
    // Given
    topics.raise(TestAlert.of("forged", "forged", 0.4));
    awaitOpen("forged", 1);
    String path = Http.alert("forged", "/correction");

    // When
    HttpResponse<byte[]> origin =
        http.post(path, confirmed("Eve"), "Origin", "https://elsewhere.example");
    HttpResponse<byte[]> form =
        http.send(
            http.request(path)
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(confirmed("Eve")))
                .build());
    HttpResponse<byte[]> image =
        http.get(Http.alert("forged", "/image"), "Sec-Fetch-Site", "cross-site");
    String rebound = raw("GET /api/alerts HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n");

    // Then
    assertThat(origin.statusCode()).isEqualTo(403);
    assertThat(form.statusCode()).isEqualTo(415);
    assertThat(image.statusCode()).isEqualTo(403);
    assertThat(rebound).startsWith("HTTP/1.1 421").contains("host name");
    assertThat(topics.verdicts("forged")).isEmpty();
  }

  @Test
  void shouldTakeACorrectionFromItsOwnOrigin() {
    // Given
    topics.raise(TestAlert.of("own-origin", "own-origin", 0.4));
    awaitOpen("own-origin", 1);

    // When
    HttpResponse<byte[]> answer =
        http.post(
            Http.alert("own-origin", "/correction"),
            confirmed("Ada"),
            "Origin",
            "http://127.0.0.1:" + service.port());

    // Then
    assertThat(answer.statusCode()).isEqualTo(201);
  }

  @Test
  void shouldServeThePageWithHeadersThatKeepItToItself() {
    // When
    HttpResponse<byte[]> page = http.get("/");
    HttpResponse<byte[]> script = http.get("/app.js");
    HttpResponse<byte[]> list = http.get("/api/alerts");

    // Then
    assertThat(new String(page.body(), StandardCharsets.UTF_8)).contains("histoflow review");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(script.headers().firstValue("Content-Type").orElse("")).contains("javascript");
    assertThat(script.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(list.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(list.headers().firstValue("Server")).isEmpty();
  }

  @Test
  void shouldAnswerAMalformedAddressInJson() throws IOException {
    // When
    String answer = raw("GET /api/alerts/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n");

    // Then
    assertThat(answer).startsWith("HTTP/1.1 400").contains("{\"error\":").doesNotContain("<");
  }

  @Test
  void shouldTellAlertsRaisedAndClosedAsTheyHappen() throws Exception {
    // Given
    List<String> lines = new ArrayList<>();
    HttpResponse<Stream<String>> events =
        http.client().send(http.request("/api/events").build(), BodyHandlers.ofLines());
    Thread reader =
        new Thread(
            () ->
                events
                    .body()
                    .takeWhile(line -> !line.contains("{\"tileId\":\"live\"}"))
                    .forEach(lines::add));
    reader.start();

    // When
    topics.raise(TestAlert.of("live", "live", 0.4));
    awaitOpen("live", 1);
    topics.publish(Topics.TILES_REVIEW, "live", null);

    // Then
    await().until(() -> !reader.isAlive());
    assertThat(lines)
        .contains("event: alert-raised", "event: alert-closed")
        .anyMatch(line -> line.startsWith("data: {\"tileId\":\"live\",\"slideId\":"));
    assertThat(http.get(Http.alert("live", "")).statusCode()).isEqualTo(409);
  }

  @Test
  void shouldTellWhatBecameOfAClosedTileAndTakeASecondOpinion() {
    // Given
    topics.raise(TestAlert.of("closed/1", "closed", 0.9));
    awaitOpen("closed", 1);
    String closed = "/api/closed/closed%2F1";
    assertThat(http.get(closed).statusCode()).as("while it is open").isEqualTo(409);
    String mask = Base64.getEncoder().encodeToString(Drawings.maskPng(64, 48));
    http.post(
        Http.alert("closed/1", "/correction"),
        "{\"verdict\": \"CORRECTED\", \"reviewer\": \"Ada\", \"mask\": \"" + mask + "\"}");

    // When
    JsonNode found = await().until(() -> http.getJson(closed), c -> c.path("verdict").isTextual());

    // Then
    assertThat(found.path("verdict").asText()).isEqualTo("CORRECTED");
    assertThat(found.path("reviewer").asText()).isEqualTo("Ada");
    assertThat(http.get(found.at("/links/image").asText()).statusCode()).isEqualTo(200);
    assertThat(http.get(found.at("/links/mask").asText()).body())
        .isEqualTo(Drawings.maskPng(64, 48));
    HttpResponse<byte[]> opinion =
        http.post(
            found.at("/links/opinion").asText(),
            "{\"verdict\": \"UNUSABLE\", \"reviewer\": \"Grace\", \"comment\": \"a fold\"}");
    assertThat(opinion.statusCode()).isEqualTo(201);
    await().until(() -> !topics.opinions("closed/1").isEmpty());
    assertThat(topics.opinions("closed/1").get(0).getReviewer()).isEqualTo("Grace");
    assertThat(topics.verdicts("closed/1")).as("the verdict stays as it is").hasSize(1);
    assertThat(http.get("/api/closed/never-heard-of").statusCode()).isEqualTo(404);
  }

  @Test
  void shouldShowSlidesThresholdsAndModels() {
    // Given
    topics.publish(Topics.SLIDES_REPORTED, "slide-of-overview", report());
    topics.publish(Topics.ORGANS_THRESHOLDS, "overview", threshold());
    topics.publish(Topics.DECODER_DECISIONS, "model", decision(1, true));
    topics.publish(Topics.DECODER_DECISIONS, "model", decision(2, false));
    topics.publish(Topics.DECODER_WEIGHTS, "model", TestModel.weights("model", 1));
    topics.publish(Topics.WORKERS_VERSIONS, "worker-a", worker("worker-a", 1, Instant.now()));
    topics.publish(Topics.WORKERS_VERSIONS, "worker-b", worker("worker-b", 0, Instant.EPOCH));

    // When
    JsonNode overview =
        await()
            .until(
                () -> http.getJson("/api/overview"),
                o ->
                    model(o).path("lastRound").asInt() == 2
                        && model(o).path("version").asInt() == 1
                        && model(o).path("workers").size() == 2
                        && o.path("slides")
                            .findValuesAsText("slideId")
                            .contains("slide-of-overview")
                        && o.path("organs").findValuesAsText("organ").contains("overview"));

    // Then
    JsonNode slide =
        StreamSupport.stream(overview.path("slides").spliterator(), false)
            .filter(s -> s.path("slideId").asText().equals("slide-of-overview"))
            .findFirst()
            .orElseThrow();
    assertThat(slide.path("status").asText()).isEqualTo("INCOMPLETE");
    assertThat(slide.path("tilesSeen").asInt()).isEqualTo(7);
    assertThat(slide.path("tilesBackground").asInt()).isEqualTo(2);
    assertThat(slide.path("tilesExpected").asInt()).isEqualTo(9);
    JsonNode organ =
        StreamSupport.stream(overview.path("organs").spliterator(), false)
            .filter(o -> o.path("organ").asText().equals("overview"))
            .findFirst()
            .orElseThrow();
    assertThat(organ.path("threshold").asDouble()).isEqualTo(0.31);
    assertThat(organ.path("quantile").asDouble()).isEqualTo(0.9);
    JsonNode model = model(overview);
    assertThat(model.path("version").asLong()).isEqualTo(1);
    assertThat(model.path("accepted").asBoolean()).isFalse();
    assertThat(model.path("reason").asText()).isEqualTo("round 2");
    assertThat(model.at("/workers/0/version").asLong()).isEqualTo(1);
    assertThat(model.at("/workers/0/silent").asBoolean()).isFalse();
    assertThat(model.at("/workers/1/silent").asBoolean()).isTrue();
  }

  @Test
  void shouldShowTheVersionThatStandsInTheTopicWhateverTheRoundsSay() {
    // Given: version 2 passed the gate, and somebody rolled back.
    topics.publish(Topics.DECODER_DECISIONS, "rolled-back", decision("rolled-back", 2, true));
    topics.publish(Topics.DECODER_WEIGHTS, "rolled-back", TestModel.weights("rolled-back", 2));

    // When, then
    awaitVersion("rolled-back", 2);
    topics.publish(Topics.DECODER_WEIGHTS, "rolled-back", TestModel.weights("rolled-back", 1));
    awaitVersion("rolled-back", 1);
    topics.publish(Topics.DECODER_WEIGHTS, "rolled-back", null);
    awaitVersion("rolled-back", 0);
  }

  private static void awaitVersion(String modelId, long version) {
    await()
        .until(
            () -> http.getJson("/api/overview").path("models"),
            models ->
                StreamSupport.stream(models.spliterator(), false)
                    .anyMatch(
                        m ->
                            m.path("modelId").asText().equals(modelId)
                                && m.path("version").asLong() == version));
  }

  @Test
  void shouldShowDriftWhileItLasts() {
    // Given
    topics.publish(
        Topics.DRIFT_ALARMS, "drift/one", TestDrift.of("drift", "one", DriftState.DRIFTED));
    topics.publish(Topics.DRIFT_ALARMS, "drift/", TestDrift.of("drift", "", DriftState.DRIFTED));

    // When
    List<JsonNode> both = await().until(() -> drifts("drift"), alarms -> alarms.size() == 2);
    topics.publish(Topics.DRIFT_ALARMS, "drift/", TestDrift.of("drift", "", DriftState.NORMAL));
    List<JsonNode> one = await().until(() -> drifts("drift"), alarms -> alarms.size() == 1);

    // Then
    assertThat(both)
        .filteredOn(alarm -> alarm.path("scanner").isNull())
        .singleElement()
        .satisfies(alarm -> assertThat(alarm.path("organ").asText()).isEqualTo("drift"));
    JsonNode alarm = one.get(0);
    assertThat(alarm.path("scanner").asText()).isEqualTo("one");
    assertThat(alarm.path("modelVersion").asLong()).isEqualTo(3);
    assertThat(alarm.path("since").asText()).isEqualTo("2026-01-02T03:04:05.678Z");
    JsonNode entropy = alarm.at("/figures/0");
    assertThat(entropy.path("name").asText()).isEqualTo("mean-entropy");
    assertThat(entropy.path("drifted").asBoolean()).isTrue();
    assertThat(entropy.path("distance").asDouble()).isEqualTo(0.7);
    assertThat(entropy.at("/reference/p50").asDouble()).isEqualTo(0.2);
    assertThat(entropy.at("/window/p50").asDouble()).isEqualTo(0.5);
    assertThat(entropy.at("/window/count").asLong()).isEqualTo(500);
    assertThat(alarm.at("/figures/1/name").asText()).isEqualTo("positive-area");
    assertThat(alarm.at("/figures/1/drifted").asBoolean()).isFalse();
    topics.publish(
        Topics.DRIFT_ALARMS, "drift/one", TestDrift.of("drift", "one", DriftState.NORMAL));
    await().until(() -> drifts("drift"), List::isEmpty);
  }

  @Test
  void shouldCountWhatWasHeldBackInTheLastDayAndEver() {
    // Given: three tiles, one of them two days ago, and a threshold that knows of seven
    Instant now = Instant.now();
    OrganThreshold threshold = threshold();
    threshold.put("organ", "held");
    threshold.put("tilesHeldBack", 7L);
    topics.publish(Topics.ORGANS_THRESHOLDS, "held", threshold);
    topics.publish(
        Topics.TILES_HELD_BACK,
        "old",
        TestDrift.heldBack("old", "held", now.minus(Duration.ofDays(2))));
    for (String tile : List.of("held-1", "held-2")) {
      topics.publish(Topics.TILES_HELD_BACK, tile, TestDrift.heldBack(tile, "held", now));
    }

    // When
    JsonNode held =
        await()
            .until(
                () -> of("held", http.getJson("/api/overview").path("heldBack")),
                found ->
                    !found.isEmpty()
                        && found.get(0).path("lastDay").asInt() == 2
                        && found.get(0).path("total").asInt() == 7)
            .get(0);

    // Then
    assertThat(held.path("organ").asText()).isEqualTo("held");
  }

  @Test
  void shouldSetAsideWhatIsNoAlertAndGoOn() {
    // Given
    byte[] noise = {1, 2, 3, 4, 5, 6, 7};
    topics.publishBytes(Topics.TILES_REVIEW, "noise", noise);
    topics.publish(
        Topics.TILES_REVIEW, "wrong-key", TestAlert.of("right-key", "aside", 0.4).requested(0));

    // When
    topics.raise(TestAlert.of("after-noise", "aside", 0.4));

    // Then
    awaitOpen("aside", 1);
    String deadLetters = Topics.TILES_DEAD_LETTER.name();
    await().until(() -> !topics.records(deadLetters, "wrong-key").isEmpty());
    await()
        .until(
            () -> topics.records(Topics.TILES_REVIEW.name(), "noise"),
            records -> records.size() > 1 && records.get(1).value() == null);
    // The service of the page's tests reads the same topics, and may be as quick.
    assertThat(topics.records(deadLetters, "noise"))
        .isNotEmpty()
        .allSatisfy(
            letter -> {
              assertThat(letter.value()).isEqualTo(noise);
              assertThat(DeadLetters.text(letter.headers(), DeadLetters.TOPIC))
                  .isEqualTo(Topics.TILES_REVIEW.name());
              assertThat(DeadLetters.text(letter.headers(), DeadLetters.MESSAGE))
                  .contains("magic byte");
            });
    assertThat(tileIds(http.getJson("/api/alerts?organ=aside"))).containsExactly("after-noise");
  }

  @Test
  void shouldKnowAfterARestartWhatIsOpenAndWhatIsClosed() {
    // Given
    topics.raise(TestAlert.of("restart-open", "restart", 0.4));
    topics.raise(TestAlert.of("restart-closed", "restart", 0.5));
    awaitOpen("restart", 2);
    correct("restart-closed", confirmed("Ada"));

    // When
    try (ReviewService second = new ReviewService(config.with("histoflow.worker.id", "second"))) {
      second.start();
      Http other = new Http(second.port());

      // Then
      await()
          .untilAsserted(
              () ->
                  assertThat(tileIds(other.getJson("/api/alerts?organ=restart")))
                      .containsExactly("restart-open"));
      HttpResponse<byte[]> again =
          other.post(Http.alert("restart-closed", "/correction"), confirmed("Grace"));
      assertThat(again.statusCode()).isEqualTo(409);
    }
  }

  @Test
  void shouldShowAlertsThatHadNoRoomOnceThereIsRoom() {
    // Given
    topics.raise(TestAlert.of("room-1", "room", 1000));
    topics.raise(TestAlert.of("room-2", "room", 999));
    awaitOpen("room", 2);
    ServiceConfig small =
        config.with(ReviewSettings.QUEUE_CAPACITY, 1).with("histoflow.worker.id", "small");
    try (ReviewService narrow = new ReviewService(small)) {
      narrow.start();
      Http other = new Http(narrow.port());
      JsonNode before = other.getJson("/api/alerts");

      // When
      other.post(Http.alert("room-1", "/correction"), confirmed("Ada"));

      // Then
      assertThat(tileIds(before)).containsExactly("room-1");
      await()
          .untilAsserted(
              () -> assertThat(tileIds(other.getJson("/api/alerts"))).containsExactly("room-2"));
      assertThat(other.getJson("/api/overview").path("beyondCapacity").asBoolean()).isTrue();
    }
  }

  @Test
  void shouldRefuseToListenWhereOthersCanReachItWithoutUsers() {
    // Given
    try (ReviewService open = new ReviewService(config.with(ReviewSettings.HOST, "0.0.0.0"))) {

      // When, then
      assertThatThrownBy(open::start)
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("histoflow.review.users");
      assertThat(open.state()).isEqualTo(ServiceState.FAILED);
    }
  }

  @Test
  void shouldSayOfAMaskAndAMapOfAnotherSizeThatTheyCannotBeShown() {
    // Given
    TestAlert alert = TestAlert.of("other-sizes", "other-sizes", 0.4);
    byte[] image = Drawings.imagePng(alert.width(), alert.height());
    ReviewRequested requested =
        alert.requested(
            topics.scan(alert, 0, ImageFormat.PNG, image),
            bomb(),
            Drawings.deepMaskPng(1024, 1024));
    topics.publish(Topics.TILES_REVIEW, alert.tileId(), requested);
    awaitOpen("other-sizes", 1);

    // When
    HttpResponse<byte[]> mask = http.get(Http.alert("other-sizes", "/mask"));
    HttpResponse<byte[]> entropy = http.get(Http.alert("other-sizes", "/entropy"));

    // Then
    assertThat(mask.statusCode()).isEqualTo(502);
    assertThat(http.error(mask)).contains("cannot be shown");
    assertThat(entropy.statusCode()).isEqualTo(502);
    assertThat(http.error(entropy)).contains("cannot be shown");
    assertThat(http.get(Http.alert("other-sizes", "/image")).statusCode()).isEqualTo(200);
  }

  @Test
  void shouldPassOverARecordThatIsFarLargerThanWhatItTells() {
    // Given
    SlideReport huge = report("huge", "x".repeat(100_000));
    SlideReport next = report("next", "overview");

    // When
    topics.publish(Topics.SLIDES_REPORTED, "huge", huge);
    topics.publish(Topics.SLIDES_REPORTED, "next", next);

    // Then
    await()
        .until(
            () -> http.getJson("/api/overview").path("slides").findValuesAsText("slideId"),
            slides -> slides.contains("next") && !slides.contains("huge"));
  }

  @Test
  void shouldSayWhereItIsReached() {
    // Given
    ServiceConfig six = config.with(ReviewSettings.HOST, "::1").with("histoflow.worker.id", "six");
    try (ReviewService second = new ReviewService(six)) {
      second.start();

      // When, then
      assertThat(service.uri()).isEqualTo(URI.create("http://127.0.0.1:" + service.port() + "/"));
      assertThat(second.uri()).isEqualTo(URI.create("http://[::1]:" + second.port() + "/"));
      assertThat(http.send(HttpRequest.newBuilder(second.uri()).build()).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void shouldSayThatItsPortIsTaken() {
    // Given
    try (ReviewService second =
        new ReviewService(
            config
                .with(ReviewSettings.PORT, service.port())
                .with("histoflow.worker.id", "third"))) {

      // When, then
      assertThatThrownBy(second::start)
          .hasMessageContaining("could not start")
          .hasMessageContaining(Integer.toString(service.port()));
      assertThat(second.state()).isEqualTo(ServiceState.FAILED);
    }
  }

  /** The model of this class's own records; other classes publish theirs. */
  private static JsonNode model(JsonNode overview) {
    return StreamSupport.stream(overview.path("models").spliterator(), false)
        .filter(model -> model.path("modelId").asText().equals("model"))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  private static List<JsonNode> drifts(String organ) {
    return of(organ, http.getJson("/api/overview").path("drift"));
  }

  private static List<JsonNode> of(String organ, JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .filter(node -> node.path("organ").asText().equals(organ))
        .toList();
  }

  private static void awaitOpen(String organ, int alerts) {
    await().until(() -> http.getJson("/api/alerts?organ=" + organ).path("total").asInt() == alerts);
  }

  private static HttpResponse<byte[]> correct(String tileId, String body) {
    return http.post(Http.alert(tileId, "/correction"), body);
  }

  private static String confirmed(String reviewer) {
    return "{\"verdict\": \"CONFIRMED\", \"reviewer\": \"" + reviewer + "\"}";
  }

  private static String corrected(byte[] png, String reviewer, String comment) {
    return "{\"verdict\": \"CORRECTED\", \"reviewer\": \""
        + reviewer
        + "\", \"comment\": \""
        + comment
        + "\", \"mask\": \""
        + Base64.getEncoder().encodeToString(png)
        + "\"}";
  }

  /** The mask of a tile, its header changed to 20,000 x 20,000 pixels. */
  private static byte[] bomb() {
    byte[] png = Drawings.maskPng(64, 48);
    ByteBuffer header = ByteBuffer.wrap(png);
    header.putInt(16, 20_000).putInt(20, 20_000);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    header.putInt(29, (int) crc.getValue());
    return png;
  }

  private static List<String> tileIds(JsonNode page) {
    return page.path("alerts").findValuesAsText("tileId");
  }

  private static RgbImage decoded(HttpResponse<byte[]> response) throws Exception {
    return new ImageDecoder(ImageLimits.forTiles()).decode(response.body());
  }

  private static int pixel(RgbImage image, int x, int y) {
    return image.toBufferedImage().getRGB(x, y) & 0xffffff;
  }

  /**
   * Sends what no HTTP client would and returns the answer up to the end of its first line of body.
   */
  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          request
              .replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.UTF_8));
      out.flush();
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      StringBuilder answer = new StringBuilder();
      in.lines().forEach(line -> answer.append(line).append('\n'));
      return answer.toString();
    }
  }

  private static SlideReport report() {
    return report("slide-of-overview", "overview");
  }

  private static SlideReport report(String slideId, String organ) {
    return SlideReport.newBuilder()
        .setSlideId(slideId)
        .setOrgan(organ)
        .setStatus(ReportStatus.INCOMPLETE)
        .setTilesSeen(7)
        .setTilesExpected(9)
        .setPositivePixels(10)
        .setTotalPixels(100)
        .setPositiveFraction(0.1)
        .setMeanEntropy(0.2)
        .setMaxMeanEntropy(0.3)
        .setMaxTailEntropy(0.4)
        .setReviewsRequested(2)
        .setReviewsOpen(1)
        .setModelVersions(List.of(0L, 1L))
        .setReportedAt(TestAlert.RAISED)
        .setRevision(1)
        .setMissingTiles(List.of())
        .setModelHistory(List.of())
        .setTilesBackground(2)
        .build();
  }

  private static OrganThreshold threshold() {
    return OrganThreshold.newBuilder()
        .setOrgan("overview")
        .setThreshold(0.31)
        .setRoutingScoreName("mean-entropy")
        .setQuantile(0.9)
        .setSampleCount(120)
        .setModelVersion(1)
        .setPartitions(List.of())
        .setUpdatedAt(TestAlert.RAISED)
        .build();
  }

  private static DecoderDecision decision(long round, boolean accepted) {
    return decision("model", round, accepted);
  }

  private static WorkerVersion worker(String workerId, long version, Instant reportedAt) {
    return WorkerVersion.newBuilder()
        .setWorkerId(workerId)
        .setModelId("model")
        .setVersion(version)
        .setSha256("0".repeat(64))
        .setSince(TestAlert.RAISED)
        .setReportIntervalMillis(Duration.ofHours(1).toMillis())
        .setReportedAt(reportedAt.truncatedTo(ChronoUnit.MILLIS))
        .build();
  }

  private static DecoderDecision decision(String modelId, long round, boolean accepted) {
    return DecoderDecision.newBuilder()
        .setModelId(modelId)
        .setRound(round)
        .setParentVersion(round - 1)
        .setCandidateVersion(accepted ? round : null)
        .setAccepted(accepted)
        .setReason("round " + round)
        .setExamplesUsed(8)
        .setCorrectionOffsets(Map.of("0", 8L))
        .setDecidedAt(TestAlert.RAISED)
        .build();
  }
}
