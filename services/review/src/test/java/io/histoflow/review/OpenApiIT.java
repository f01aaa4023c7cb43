package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.histoflow.platform.config.PrivateFile;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.support.Drawings;
import io.histoflow.review.support.Http;
import io.histoflow.review.support.SharedPlatform;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestDrift;
import io.histoflow.review.support.TestModel;
import io.histoflow.review.support.TestRecall;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.DriftState;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Holds the API against its description, which says everything that is needed to call it. */
@ExtendWith(SharedPlatform.class)
class OpenApiIT {
  private static final String ADA =
      "ada:$2y$04$sk13uKqd5yXeNOSQPyKRTes3oduY6aUQjXC.D9p496RuWnxnBFMEq";
  private static final Path PAGE = Path.of("src/main/resources/review-page");

  private static final String SLIDE = "slide-of-openapi";
  private static final String MODEL = Checkpoint.shipped().modelId();

  private static TestTopics topics;
  private static ReviewService service;
  private static ReviewService guarded;
  private static Http http;
  private static JsonNode document;
  private static int tiles;
  private static String letter;

  @BeforeAll
  static void start(ServiceConfig platform, @TempDir Path directory) throws IOException {
    ServiceConfig config = platform.with(ReviewSettings.PORT, 0);
    topics = new TestTopics(config);
    service = new ReviewService(config.with("histoflow.worker.id", "openapi"));
    service.start();
    Path users = directory.resolve("users");
    PrivateFile.write(users, ADA);
    guarded =
        new ReviewService(
            config
                .with(ReviewSettings.USERS, users)
                .with("histoflow.worker.id", "openapi-guarded"));
    guarded.start();
    http = new Http(service.port());
    document = http.getJson("/api/openapi.json");
  }

  @AfterAll
  static void stop() {
    service.close();
    guarded.close();
    topics.close();
  }

  @Test
  void shouldDescribeEveryCallThatIsAnsweredAndNoOther() {
    assertThat(operations().map(Operation::call))
        .containsExactlyInAnyOrderElementsOf(service.calls());
  }

  @Test
  void shouldDescribeEveryCallThatThePageMakes() throws IOException {
    // Given: all addresses are put together in one module
    String api = Files.readString(PAGE.resolve("api.js"));
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(PAGE)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".js")).toList()) {
        String text = Files.readString(file);
        all.append(text);
        if (!file.endsWith("api.js")) {
          assertThat(text).as(file.toString()).doesNotContain("/api/", "fetch(", "EventSource(");
        }
      }
    }

    // When
    Set<String> called = found("['`](/api/[a-z.-]+)['`?]", api);
    String open = "\\balertUrl\\([\\w.]+(?:, '(\\w+)')?\\)";
    String shut = "\\b(?:closedUrl|closedBitmap)\\([\\w.]+(?:, '(\\w+)')?\\)";
    found(open, all.toString()).forEach(part -> called.add(path("/api/alerts/{tileId}", part)));
    found("\\bpart\\('(\\w+)'\\)", all.toString())
        .forEach(part -> called.add(path("/api/alerts/{tileId}", part)));
    String slide = "\\bslideUrl\\([\\w.]+(?:, '(\\w+)')?\\)";
    found(slide, all.toString()).forEach(part -> called.add(path("/api/slides/{slideId}", part)));
    found(shut, all.toString()).forEach(part -> called.add(path("/api/closed/{tileId}", part)));
    found("\\bletterUrl\\(letter, '(\\w+)'\\)", api)
        .forEach(part -> called.add(path("/api/dead-letters/{letter}", part)));

    // Then
    assertThat(called)
        .contains("/api/session", "/api/events", "/api/alerts", "/api/closed/{tileId}/mask")
        .contains("/api/alerts/{tileId}/claim", "/api/alerts/{tileId}/image")
        .contains(
            "/api/slides/{slideId}/tiles",
            "/api/slides/{slideId}/export",
            "/api/models",
            "/api/operations",
            "/api/quality",
            "/api/people",
            "/api/dead-letters/{letter}/retry",
            "/api/audit")
        .isSubsetOf(operations().map(Operation::path).collect(Collectors.toSet()));
  }

  @Test
  void shouldAnswerEveryCallAsItIsDescribed() {
    // Given: something of everything that the overview shows
    topics.publish(Topics.DRIFT_ALARMS, "api/7", TestDrift.of("api", "7", DriftState.DRIFTED));
    topics.publish(
        Topics.TILES_HELD_BACK, "api", TestDrift.heldBack("api", "openapi", Instant.now()));
    await()
        .until(
            () ->
                http.getJson("/api/overview")
                    .path("heldBack")
                    .findValuesAsText("organ")
                    .contains("openapi"));

    TestAlert beside = TestAlert.of("beside", "openapi", 0.5);
    TileLocation location = topics.scan(beside, 0, ImageFormat.PNG, Drawings.imagePng(64, 48));
    TileSegmented neighbour =
        RecordCopy.with(beside.requested(location).getSegmentation(), Map.of("x", 576, "y", 1024));
    topics.publish(Topics.TILES_SEGMENTED, neighbour.getSlideId(), neighbour);
    topics.publish(Topics.SLIDES_REPORTED, SLIDE, TestModel.report(SLIDE, "openapi"));
    topics.publish(Topics.DECODER_DECISIONS, "openapi-model", TestModel.round("openapi-model", 1));
    topics.publish(Topics.DECODER_CHANGES, "openapi-model", TestModel.pinned("openapi-model", 1));
    topics.deadLetter("openapi");
    letter =
        topics
            .refuse(TestAlert.of("refused", "openapi", 0), Drawings.imagePng(64, 48), "torn")
            .toString();
    topics.publish(Topics.RECALL_ESTIMATES, "openapi", TestRecall.known("openapi"));
    topics.publish(Topics.RECALL_ESTIMATES, "openapi-2", TestRecall.young("openapi-2"));
    topics.publish(Topics.RECALL_ALARMS, "openapi", TestRecall.alarm("openapi"));
    await().until(() -> !http.getJson("/api/quality").path("alarms").isEmpty());
    await().until(() -> http.get("/api/slides/" + SLIDE).statusCode() == 200);
    await().until(() -> http.getJson("/api/models").findValuesAsText("by").contains("Lea"));

    // When, then
    operations().forEach(OpenApiIT::drive);
    // Others look at the same topics.
    topics.publish(Topics.DRIFT_ALARMS, "api/7", TestDrift.of("api", "7", DriftState.NORMAL));
  }

  @Test
  void shouldDescribeWhatIsAnsweredWhereSomethingIsWrong() {
    for (Operation operation : operations().toList()) {
      boolean asksForATile = operation.path().matches(".*\\{(tileId|slideId|letter)}.*");
      if (asksForATile && !operation.call().startsWith("DELETE")) {
        // When
        Answer answer = send(http, operation, "never-heard-of");

        // Then
        assertThat(answer.status()).as(operation.call()).isEqualTo(404);
        requireAsDescribed(operation, answer);
      }
      if (!operation.path().equals("/api/session")) {
        Answer stranger = send(new Http(guarded.port()), operation, "never-heard-of");
        assertThat(stranger.status()).as(operation.call()).isEqualTo(401);
        requireAsDescribed(operation, stranger);
      }
    }
  }

  private static void drive(Operation operation) {
    // Given
    String tile = "openapi/" + ++tiles;
    Http target = operation.call().equals("POST /api/session") ? new Http(guarded.port()) : http;
    if (operation.path().contains("{tileId}")) {
      topics.raise(TestAlert.of(tile, "openapi", 0.9));
      await().until(() -> target.get(Http.alert(tile, "")).statusCode() == 200);
    }
    if (operation.path().startsWith("/api/closed/")) {
      target.post(
          Http.alert(tile, "/correction"), "{\"verdict\": \"CONFIRMED\", \"reviewer\": \"Ada\"}");
      await()
          .until(() -> target.getJson("/api/closed/" + encoded(tile)).path("verdict").isTextual());
    }
    if (operation.path().startsWith("/api/alerts") && operation.call().startsWith("GET")) {
      // So that there is a claim to be shown.
      target.post(Http.alert(tile, "/claim"), "{\"reviewer\": \"Ada Lovelace\"}");
    }

    // When
    Answer answer = send(target, operation, tile);

    // Then
    assertThat(answer.status()).as(operation.call()).isBetween(200, 299);
    requireAsDescribed(operation, answer);
  }

  /** Sends what the description gives as an example. */
  private static Answer send(Http target, Operation operation, String tile) {
    String slide = tile.equals("never-heard-of") ? tile : SLIDE;
    String path =
        operation
            .path()
            .replace("{tileId}", encoded(tile))
            .replace("{slideId}", encoded(slide))
            .replace("{letter}", tile.equals("never-heard-of") ? tile : letter)
            .replace("{modelId}", MODEL);
    List<String> query = new ArrayList<>();
    for (JsonNode parameter : operation.node().path("parameters").findParents("example")) {
      String name = parameter.path("name").asText();
      String example = parameter.path("example").asText();
      path = path.replace("{" + name + "}", example);
      if (parameter.path("in").asText().equals("query")) {
        query.add(name + "=" + example);
      }
    }
    JsonNode example = operation.node().at("/requestBody/content/application~1json/example");
    HttpRequest.Builder request =
        target.request(query.isEmpty() ? path : path + "?" + String.join("&", query));
    if (!example.isMissingNode()) {
      request.header("Content-Type", "application/json");
    }
    request.method(
        operation.method(),
        example.isMissingNode()
            ? BodyPublishers.noBody()
            : BodyPublishers.ofString(example.toString()));
    return answer(target, request.build());
  }

  private static Answer answer(Http target, HttpRequest request) {
    try {
      HttpResponse<InputStream> answer =
          target.client().send(request, BodyHandlers.ofInputStream());
      String type = answer.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
      try (InputStream body = answer.body()) {
        // Events never end.
        return new Answer(
            answer.statusCode(),
            type,
            type.equals("text/event-stream")
                ? ""
                : new String(body.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void requireAsDescribed(Operation operation, Answer answer) {
    String what = operation.call() + " answers " + answer.status();
    JsonNode described =
        resolved(operation.node().path("responses").path(Integer.toString(answer.status())));
    assertThat(described.isMissingNode()).as(what + ", which is not described").isFalse();
    if (described.path("content").isMissingNode()) {
      assertThat(answer.body()).as(what).isEmpty();
      return;
    }
    JsonNode content = described.path("content").path(answer.type());
    assertThat(content.isMissingNode()).as(what + " with " + answer.type()).isFalse();
    if (answer.type().equals("application/json")) {
      ObjectNode schema = content.path("schema").deepCopy();
      schema.set("components", closed(document.path("components").deepCopy()));
      assertThat(
              SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                  .getSchema(schema)
                  .validate(answer.body(), InputFormat.JSON))
          .as(what)
          .isEmpty();
    }
  }

  /** Nothing is answered that is not described. */
  private static JsonNode closed(JsonNode schemas) {
    for (JsonNode parent : schemas.findParents("properties")) {
      ((ObjectNode) parent).put("additionalProperties", false);
    }
    schemas.forEach(OpenApiIT::closed);
    return schemas;
  }

  private static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
  }

  private static Stream<Operation> operations() {
    return document.path("paths").properties().stream()
        .flatMap(
            path ->
                path.getValue().properties().stream()
                    .map(
                        operation ->
                            new Operation(
                                operation.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                operation.getValue())));
  }

  private static String path(String start, String part) {
    return part.isEmpty() ? start : start + "/" + part;
  }

  private static String encoded(String tileId) {
    return URLEncoder.encode(tileId, StandardCharsets.UTF_8);
  }

  private static Set<String> found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.groupCount() == 0 || match.group(1) == null ? "" : match.group(1))
        .collect(Collectors.toSet());
  }

  private record Operation(String method, String path, JsonNode node) {

    String call() {
      return method + " " + path;
    }
  }

  private record Answer(int status, String type, String body) {}
}
