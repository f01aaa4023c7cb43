package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.ImageDecoder;
import io.histoflow.platform.config.PrivateFile;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.letters.LetterId;
import io.histoflow.review.support.Drawings;
import io.histoflow.review.support.Http;
import io.histoflow.review.support.SharedPlatform;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.Topics;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters over HTTP: what they look like, and who publishes them again. */
@ExtendWith(SharedPlatform.class)
class LettersIT {
  private static final String HASH = "$2y$04$sk13uKqd5yXeNOSQPyKRTes3oduY6aUQjXC.D9p496RuWnxnBFMEq";
  private static final String LEA = basic("lea");
  private static final String REA = basic("rea");

  private static TestTopics topics;
  private static ReviewService service;
  private static Http http;

  @BeforeAll
  static void start(ServiceConfig platform, @TempDir Path directory) throws IOException {
    Path users = directory.resolve("users");
    PrivateFile.write(users, "lea:%1$s:lead%nrea:%1$s%n".formatted(HASH));
    ServiceConfig config =
        platform
            .with(ReviewSettings.PORT, 0)
            .with(ReviewSettings.USERS, users)
            .with("histoflow.worker.id", "letters");
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
  void shouldPublishARecordAgainForALeadAndWriteDownWhoDidSo() {
    // Given
    String tile = "letter-again";
    LetterId letter = topics.refuse(TestAlert.of(tile, "letters", 0), png(), "Out of memory.");
    assertThat(listed(letter).path("reason").asText()).isEqualTo("Out of memory.");
    assertThat(listed(letter).path("obstacle").isNull()).isTrue();
    assertThat(listed(letter).path("retried").asBoolean(true)).isFalse();

    // When
    HttpResponse<byte[]> reader = retry(letter, "{}", REA);
    HttpResponse<byte[]> lead = retry(letter, "{}", LEA);
    HttpResponse<byte[]> twice = retry(letter, "{}", LEA);

    // Then
    assertThat(reader.statusCode()).isEqualTo(403);
    assertThat(http.error(reader)).contains("the role lead");
    assertThat(lead.statusCode()).isEqualTo(200);
    assertThat(http.json(lead).path("topic").asText()).isEqualTo(Topics.TILES_SCANNED.name());
    assertThat(twice.statusCode()).isEqualTo(409);
    assertThat(http.error(twice)).contains("was published again before");
    ConsumerRecord<byte[], byte[]> again =
        await().until(() -> published(tile), found -> found.size() == 1).get(0);
    assertThat(DeadLetters.text(again.headers(), "histoflow.retried.letter"))
        .isEqualTo(letter.toString());
    assertThat(again.headers().lastHeader(DeadLetters.MESSAGE)).isNull();
    assertThat(listed(letter).path("retried").asBoolean()).isTrue();
    await()
        .untilAsserted(
            () ->
                assertThat(acts())
                    .contains(
                        "lea RETRIED " + tile + " letter " + letter + " to " + again.topic()));

    // When: on purpose
    HttpResponse<byte[]> onPurpose = retry(letter, "{\"again\": true}", LEA);

    // Then
    assertThat(onPurpose.statusCode()).isEqualTo(200);
    await().until(() -> published(tile).size() == 2);
  }

  @Test
  void shouldSayInWordsWhatCannotBePublishedAgain() {
    RecordMetadata silent = topics.deadLetter("letter-silent");
    LetterId unnamed = new LetterId(silent.partition(), silent.offset());
    LetterId report =
        topics.refuse(Topics.SLIDES_REPORTED.name(), "letter-report", new byte[] {1}, "No magic.");
    LetterId foreign =
        topics.refuse("somebody.elses.v1", "letter-foreign", new byte[] {1}, "No magic.");
    LetterId empty = topics.refuse(Topics.TILES_SCANNED.name(), "letter-empty", null, "Gone.");

    assertThat(refused(unnamed, 409)).contains("does not say from which topic");
    assertThat(refused(report, 409)).contains("keeps the latest record of a key", "--topic");
    assertThat(refused(foreign, 409)).contains("somebody.elses.v1", "none of histoflow's");
    assertThat(refused(empty, 409)).contains("holds no record");
    assertThat(refused(new LetterId(0, 999_999), 410)).contains("or no longer", "30 days");
    assertThat(refused(new LetterId(99, 0), 410)).contains("no dead letter 99@0");
    assertThat(listed(report).path("obstacle").asText()).isEqualTo(refused(report, 409));
    assertThat(http.get("/api/dead-letters/x/picture", "Authorization", LEA).statusCode())
        .isEqualTo(404);
    assertThat(retry(report, "{\"again\": 1}", LEA).statusCode()).isEqualTo(400);
  }

  @Test
  void shouldDrawTheTileOfALetterAnewAndNothingElse() throws Exception {
    // Given: a tile with more bytes behind it than its picture has
    byte[] image = png();
    byte[] padded = Arrays.copyOf(image, image.length + 100);
    LetterId tile = topics.refuse(TestAlert.of("letter-tile", "letters", 0), padded, "Busy.");
    LetterId large =
        topics.refuse(
            new TestAlert("letter-large", "letters", 0, 512, 384),
            Drawings.imagePng(512, 384),
            "Busy.");
    LetterId torn =
        topics.refuse(TestAlert.of("letter-torn", "letters", 0), new byte[] {1, 2}, "Torn.");
    LetterId other =
        topics.refuse(Topics.MASKS_CORRECTED.name(), "letter-other", new byte[] {1}, "Torn.");

    // When
    byte[] drawn = picture(tile).body();
    RgbImage small = decoded(picture(large).body());

    // Then
    assertThat(decoded(drawn).rgb()).isEqualTo(decoded(image).rgb());
    assertThat(drawn).isNotEqualTo(padded);
    assertThat(small.width()).isEqualTo(256);
    assertThat(small.height()).isEqualTo(192);
    assertThat(picture(torn).statusCode()).isEqualTo(502);
    assertThat(http.error(picture(torn))).contains("cannot be shown");
    assertThat(http.error(picture(other))).contains("holds no scanned tile");
  }

  private static byte[] png() {
    return Drawings.imagePng(64, 48);
  }

  private static RgbImage decoded(byte[] image) throws Exception {
    return new ImageDecoder(ImageLimits.forTiles()).decode(image);
  }

  private static HttpResponse<byte[]> picture(LetterId letter) {
    return http.get("/api/dead-letters/" + letter + "/picture", "Authorization", REA);
  }

  private static HttpResponse<byte[]> retry(LetterId letter, String body, String authorization) {
    return http.post(
        "/api/dead-letters/" + letter + "/retry", body, "Authorization", authorization);
  }

  private static String refused(LetterId letter, int status) {
    HttpResponse<byte[]> answer = retry(letter, "{}", LEA);
    assertThat(answer.statusCode()).as(letter.toString()).isEqualTo(status);
    return http.error(answer);
  }

  private static JsonNode listed(LetterId letter) {
    for (JsonNode each :
        http.json(http.get("/api/dead-letters?limit=500", "Authorization", REA)).path("letters")) {
      if (each.path("letter").asText().equals(letter.toString())) {
        return each;
      }
    }
    throw new AssertionError("The letter " + letter + " is not listed.");
  }

  private static List<ConsumerRecord<byte[], byte[]>> published(String tile) {
    return topics.records(Topics.TILES_SCANNED.name(), tile);
  }

  private static List<String> acts() {
    return http
        .json(http.get("/api/audit?limit=500", "Authorization", LEA))
        .path("acts")
        .findParents("kind")
        .stream()
        .map(
            act ->
                "%s %s %s %s"
                    .formatted(
                        act.path("reviewer").asText(),
                        act.path("kind").asText(),
                        act.path("tileId").asText(),
                        act.path("detail").asText()))
        .toList();
  }

  private static String basic(String name) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((name + ":correct horse").getBytes(StandardCharsets.UTF_8));
  }
}
