package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.support.Http;
import io.histoflow.review.support.MovableClock;
import io.histoflow.review.support.SharedPlatform;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Claims over two services on one broker, by a clock that moves when it is told to. */
@ExtendWith(SharedPlatform.class)
class ClaimsIT {
  private static final MovableClock CLOCK = new MovableClock();

  private static ServiceConfig config;
  private static TestTopics topics;
  private static ReviewService first;
  private static ReviewService second;
  private static Http one;
  private static Http other;

  @BeforeAll
  static void start(ServiceConfig platform) {
    config = platform.with(ReviewSettings.PORT, 0);
    topics = new TestTopics(config);
    first = service("claims-one");
    second = service("claims-other");
    one = new Http(first.port());
    other = new Http(second.port());
  }

  @AfterAll
  static void stop() {
    first.close();
    second.close();
    topics.close();
  }

  @Test
  void shouldLetOneOfTwoHaveATileThroughWhicheverService() {
    // Given
    raise("held", "claim-held");

    // When
    HttpResponse<byte[]> ada = claim(one, "held", "Ada Lovelace");
    HttpResponse<byte[]> grace = claim(other, "held", "Grace");
    HttpResponse<byte[]> again = claim(other, "held", "Ada Lovelace");

    // Then
    assertThat(ada.statusCode()).isEqualTo(200);
    assertThat(one.json(ada).path("initials").asText()).isEqualTo("AL");
    assertThat(one.json(ada).path("leaseSeconds").asInt()).isEqualTo(180);
    assertThat(one.json(ada).path("secondsLeft").asInt()).isEqualTo(180);
    assertThat(grace.statusCode()).isEqualTo(409);
    assertThat(other.error(grace)).contains("Ada Lovelace has tile held open");
    assertThat(again.statusCode()).as("renewed").isEqualTo(200);
    assertThat(holder(other, "held")).isEqualTo("Ada Lovelace");
    JsonNode list = other.getJson("/api/alerts?organ=claim-held");
    assertThat(list.at("/alerts/0/claim/initials").asText()).isEqualTo("AL");
  }

  @Test
  void shouldGiveATileToOneOfManyWhoClaimItAtTheSameMoment() {
    // Given
    raise("rush", "claim-rush");
    List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>();

    // When
    for (int i = 0; i < 6; i++) {
      Http service = i % 2 == 0 ? one : other;
      String name = "Reviewer " + i;
      asked.add(CompletableFuture.supplyAsync(() -> claim(service, "rush", name)));
    }
    List<HttpResponse<byte[]>> answers = asked.stream().map(CompletableFuture::join).toList();

    // Then
    assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200, 409);
    assertThat(answers).filteredOn(answer -> answer.statusCode() == 200).hasSize(1);
    String winner =
        answers.stream()
            .filter(answer -> answer.statusCode() == 200)
            .map(answer -> one.json(answer).path("reviewer").asText())
            .findFirst()
            .orElseThrow();
    assertThat(holder(one, "rush")).isEqualTo(winner);
    assertThat(holder(other, "rush")).isEqualTo(winner);
  }

  @Test
  void shouldOutliveARestartOfEveryService() {
    // Given
    raise("restart-claim", "claim-restart");
    claim(one, "restart-claim", "Ada");

    // When
    try (ReviewService third = service("claims-third")) {
      Http http = new Http(third.port());

      // Then
      assertThat(holder(http, "restart-claim")).isEqualTo("Ada");
      assertThat(claim(http, "restart-claim", "Grace").statusCode()).isEqualTo(409);
    }
  }

  @Test
  void shouldEndByTimeUnlessItIsRenewed() {
    // Given
    raise("left", "claim-time");
    raise("worked-on", "claim-time");
    claim(one, "left", "Ada");
    claim(one, "worked-on", "Ada");

    // When
    CLOCK.move(Duration.ofMinutes(2));
    claim(one, "worked-on", "Ada");
    CLOCK.move(Duration.ofMinutes(2));

    // Then
    assertThat(holder(other, "left")).isEmpty();
    assertThat(holder(other, "worked-on")).isEqualTo("Ada");
    await().untilAsserted(() -> assertThat(lastIsTombstone("left")).isTrue());
    assertThat(claim(other, "left", "Grace").statusCode()).isEqualTo(200);
    assertThat(claim(one, "left", "Ada").statusCode()).isEqualTo(409);
  }

  @Test
  void shouldEndWhenTheTileIsPutAwayByWhoHasIt() {
    // Given
    raise("put-away", "claim-away");
    claim(one, "put-away", "Ada");

    // When
    int stranger = release(other, "put-away", "Grace").statusCode();
    String kept = holder(one, "put-away");
    int own = release(other, "put-away", "Ada").statusCode();

    // Then
    assertThat(stranger).isEqualTo(204);
    assertThat(kept).isEqualTo("Ada");
    assertThat(own).isEqualTo(204);
    await().untilAsserted(() -> assertThat(holder(one, "put-away")).isEmpty());
    assertThat(claim(one, "put-away", "Grace").statusCode()).isEqualTo(200);
  }

  @Test
  void shouldEndWithTheVerdictWhoeverGivesIt() {
    // Given
    raise("decided", "claim-decided");
    claim(one, "decided", "Ada");

    // When
    HttpResponse<byte[]> verdict =
        other.post(
            Http.alert("decided", "/correction"),
            "{\"verdict\": \"CONFIRMED\", \"reviewer\": \"Grace\"}");

    // Then
    assertThat(verdict.statusCode()).as("a claim keeps nobody from a verdict").isEqualTo(201);
    await().untilAsserted(() -> assertThat(lastIsTombstone("decided")).isTrue());
    await().until(() -> claim(one, "decided", "Ada").statusCode() == 409);
    assertThat(one.error(claim(one, "decided", "Ada"))).contains("reviewed already");
  }

  @Test
  void shouldTakeASecondOpinionOnATileThatAnotherHasOpen() {
    // Given
    raise("asked", "claim-asked");
    claim(one, "asked", "Ada");
    String path = other.getJson(Http.alert("asked", "")).at("/links/opinion").asText();

    // When
    HttpResponse<byte[]> opinion =
        other.post(path, "{\"verdict\": \"CONFIRMED\", \"reviewer\": \"Grace\"}");

    // Then
    assertThat(opinion.statusCode()).isEqualTo(201);
    await().until(() -> !topics.opinions("asked").isEmpty());
    assertThat(topics.opinions("asked").get(0).getReviewer()).isEqualTo("Grace");
    assertThat(topics.verdicts("asked")).isEmpty();
    assertThat(holder(one, "asked")).as("it stays open, and with Ada").isEqualTo("Ada");
  }

  @Test
  void shouldTellWhoHasATileAsItHappens() throws Exception {
    // Given
    raise("told", "claim-told");
    List<String> lines = new ArrayList<>();
    HttpResponse<Stream<String>> events =
        other.client().send(other.request("/api/events").build(), BodyHandlers.ofLines());
    Thread reader =
        new Thread(
            () ->
                events
                    .body()
                    .takeWhile(line -> !line.contains("{\"tileId\":\"told\"}"))
                    .forEach(lines::add));
    reader.start();

    // When
    claim(one, "told", "Ada Lovelace");
    release(one, "told", "Ada Lovelace");

    // Then
    await().until(() -> !reader.isAlive());
    assertThat(lines)
        .contains("event: tile-claimed", "event: tile-released")
        .anyMatch(
            line ->
                line.startsWith(
                    "data: {\"tileId\":\"told\",\"reviewer\":\"Ada"
                        + " Lovelace\",\"initials\":\"AL\""));
  }

  @Test
  void shouldSayWhyATileCannotBeClaimed() {
    // Given
    raise("nameless", "claim-nameless");

    // When
    HttpResponse<byte[]> unknown = claim(one, "never-heard-of", "Ada");
    HttpResponse<byte[]> nobody = one.post(Http.alert("nameless", "/claim"), "{}");
    HttpResponse<byte[]> number = one.post(Http.alert("nameless", "/claim"), "{\"reviewer\": 1}");
    HttpResponse<byte[]> text = one.post(Http.alert("nameless", "/claim"), "Ada");

    // Then
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(nobody.statusCode()).isEqualTo(400);
    assertThat(one.error(nobody)).contains("\"reviewer\" is missing");
    assertThat(number.statusCode()).isEqualTo(400);
    assertThat(text.statusCode()).isEqualTo(400);
  }

  private static ReviewService service(String workerId) {
    ReviewService service =
        new ReviewService(
            config.with("histoflow.worker.id", workerId), new SimpleMeterRegistry(), CLOCK);
    service.start();
    return service;
  }

  private static void raise(String tileId, String organ) {
    topics.raise(TestAlert.of(tileId, organ, 0.4));
    for (Http http : List.of(one, other)) {
      await().until(() -> http.get(Http.alert(tileId, "")).statusCode() == 200);
    }
  }

  private static HttpResponse<byte[]> claim(Http http, String tileId, String reviewer) {
    return http.post(Http.alert(tileId, "/claim"), "{\"reviewer\": \"" + reviewer + "\"}");
  }

  private static HttpResponse<byte[]> release(Http http, String tileId, String reviewer) {
    return http.send(
        http.request(Http.alert(tileId, "/claim"), "Content-Type", "application/json")
            .method("DELETE", BodyPublishers.ofString("{\"reviewer\": \"" + reviewer + "\"}"))
            .build());
  }

  /** Who has a tile, as an alert says; empty where nobody has. */
  private static String holder(Http http, String tileId) {
    return http.getJson(Http.alert(tileId, "")).at("/claim/reviewer").asText();
  }

  private static boolean lastIsTombstone(String tileId) {
    List<ConsumerRecord<byte[], byte[]>> records =
        topics.records(Topics.TILES_CLAIMS.name(), tileId);
    return !records.isEmpty() && records.get(records.size() - 1).value() == null;
  }
}
