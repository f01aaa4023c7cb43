package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.histoflow.platform.config.PrivateFile;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.support.Http;
import io.histoflow.review.support.SharedPlatform;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what, and what is written down of it. */
@ExtendWith(SharedPlatform.class)
class AuditIT {
  private static final String HASH = "$2y$04$sk13uKqd5yXeNOSQPyKRTes3oduY6aUQjXC.D9p496RuWnxnBFMEq";
  private static final String USERS =
      """
      lea:%1$s:lead
      rea:%1$s
      vera:%1$s:viewer
      """
          .formatted(HASH);
  private static final String LEA = basic("lea");
  private static final String REA = basic("rea");
  private static final String VERA = basic("vera");
  private static final String CONFIRMED = "{\"verdict\": \"CONFIRMED\"}";

  private static TestTopics topics;
  private static ReviewService service;
  private static Http http;

  @BeforeAll
  static void start(ServiceConfig platform, @TempDir Path directory) throws IOException {
    Path users = directory.resolve("users");
    PrivateFile.write(users, USERS);
    ServiceConfig config =
        platform
            .with(ReviewSettings.PORT, 0)
            .with(ReviewSettings.USERS, users)
            .with("histoflow.worker.id", "audit");
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
  void shouldWriteDownEveryActAndTellItToALeadTheNewestFirst() {
    // Given
    raise("audited");
    raise("audited-too");

    // When
    http.post("/api/session", "{\"name\": \"rea\", \"password\": \"correct horse\"}");
    post("audited", "/claim", "{}", REA);
    post("audited", "/claim", "{}", REA);
    post("audited", "/opinion", "{\"verdict\": \"UNUSABLE\"}", LEA);
    post("audited", "/correction", CONFIRMED, REA);

    // Then
    List<JsonNode> acts = await().until(() -> actsOn("audited"), found -> found.size() == 3);
    assertThat(acts)
        .extracting(AuditIT::sentence)
        .containsExactly(
            "rea DECIDED CONFIRMED", "lea SECOND_OPINION UNUSABLE", "rea CLAIMED null");
    assertThat(acts.get(0).path("slideId").asText()).isEqualTo("slide-of-audit");
    assertThat(acts.get(0).path("workerId").asText()).isEqualTo("audit");
    assertThat(acts.get(0).path("at").asText()).isEqualTo(correctedAt("audited"));
    assertThat(audit("?limit=500", LEA).path("acts"))
        .extracting(AuditIT::sentence)
        .contains("rea SIGNED_IN from 127.0.0.1");
  }

  @Test
  void shouldReadTheAuditInPagesWithoutGapsAndRepeats() {
    // Given
    raise("paged-1");
    raise("paged-2");
    post("paged-1", "/correction", CONFIRMED, REA);
    post("paged-2", "/claim", "{}", LEA);
    post("paged-2", "/correction", CONFIRMED, LEA);
    await().until(() -> actsOn("paged-2").size() == 2 && actsOn("paged-1").size() == 1);

    // When
    List<String> paged = new ArrayList<>();
    JsonNode page = audit("?limit=2", LEA);
    while (true) {
      page.path("acts").forEach(act -> paged.add(act.toString()));
      if (page.path("next").isNull()) {
        break;
      }
      assertThat(page.path("acts")).hasSize(2);
      page = audit("?limit=2&cursor=" + page.path("next").asText(), LEA);
    }

    // Then
    List<String> whole = new ArrayList<>();
    audit("?limit=500", LEA).path("acts").forEach(act -> whole.add(act.toString()));
    assertThat(whole).hasSizeLessThan(500);
    assertThat(paged).containsExactlyElementsOf(whole);
    assertThat(paged.get(0)).contains("paged-2", "DECIDED");
  }

  @Test
  void shouldShowARecordThatCannotBeReadForWhatItIs() {
    // When
    topics.publishBytes(Topics.REVIEWERS_ACTS, "noise", new byte[] {1, 2, 3});

    // Then
    await()
        .untilAsserted(
            () ->
                assertThat(audit("?limit=500", LEA).path("acts"))
                    .filteredOn(act -> act.path("kind").asText().equals("UNKNOWN"))
                    .extracting(act -> act.path("detail").asText())
                    .anyMatch(detail -> detail.contains("cannot be read")));
  }

  @Test
  void shouldShowTheAuditToLeadsOnly() {
    // When
    HttpResponse<byte[]> reader = http.get("/api/audit", "Authorization", REA);
    HttpResponse<byte[]> nobody = http.get("/api/audit");
    HttpResponse<byte[]> wrong = http.get("/api/audit?cursor=-1", "Authorization", LEA);

    // Then
    assertThat(reader.statusCode()).isEqualTo(403);
    assertThat(http.error(reader)).contains("rea has the role reader", "the role lead");
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(wrong.statusCode()).isEqualTo(400);
  }

  @Test
  void shouldLetAViewerLookAndNothingElse() {
    // Given
    raise("viewed");

    // When
    HttpResponse<byte[]> claim = post("viewed", "/claim", "{}", VERA);
    HttpResponse<byte[]> verdict = post("viewed", "/correction", CONFIRMED, VERA);
    HttpResponse<byte[]> opinion = post("viewed", "/opinion", CONFIRMED, VERA);

    // Then
    assertThat(List.of(claim, verdict, opinion))
        .extracting(HttpResponse::statusCode)
        .containsOnly(403);
    assertThat(http.error(verdict)).contains("vera has the role viewer", "the role reader");
    assertThat(http.get(Http.alert("viewed", "/image"), "Authorization", VERA).statusCode())
        .isEqualTo(200);
    assertThat(actsOn("viewed")).isEmpty();
    assertThat(topics.verdicts("viewed")).isEmpty();
  }

  @Test
  void shouldLetALeadChangeWhichWeightsAreInForceAndNobodyElse() {
    // Given
    String model = Checkpoint.shipped().modelId();
    String path = "/api/models/" + model + "/changes";
    String pin = "{\"kind\": \"PINNED\", \"version\": 0, \"reason\": \"while the study runs\"}";
    String unpin = "{\"kind\": \"UNPINNED\", \"reason\": \"over\"}";
    http.post(path, unpin, "Authorization", LEA);

    // When
    HttpResponse<byte[]> reader = http.post(path, pin, "Authorization", REA);
    HttpResponse<byte[]> lead = http.post(path, pin, "Authorization", LEA);

    // Then
    assertThat(reader.statusCode()).isEqualTo(403);
    assertThat(http.error(reader)).contains("the role lead");
    assertThat(http.json(lead).at("/change/by").asText()).isEqualTo("lea");
    await()
        .untilAsserted(
            () ->
                assertThat(pinOf(model).path("reason").asText()).isEqualTo("while the study runs"));

    // and what cannot be had is refused in a sentence
    assertThat(refused(path, "ROLLED_BACK", "7", 409)).contains("Version 0", "pinned by lea");
    assertThat(refused(path, "PINNED", "7", 409)).contains("There is no version 7");
    assertThat(refused(path, "PINNED", "-1", 400)).contains("\"version\"");
    assertThat(refused(path, "FORGOTTEN", "0", 400)).contains("ROLLED_BACK, PINNED or UNPINNED");
    assertThat(refused("/api/models/another/changes", "PINNED", "0", 409)).contains(model);
    http.post(path, unpin, "Authorization", LEA);
    await().until(() -> pinOf(model).isNull());
  }

  private static String refused(String path, String kind, String version, int status) {
    HttpResponse<byte[]> answer =
        http.post(
            path,
            "{\"kind\": \"%s\", \"version\": %s, \"reason\": \"why\"}".formatted(kind, version),
            "Authorization",
            LEA);
    assertThat(answer.statusCode()).isEqualTo(status);
    return http.error(answer);
  }

  private static JsonNode pinOf(String model) {
    for (JsonNode each : http.json(http.get("/api/models", "Authorization", LEA)).path("models")) {
      if (each.path("modelId").asText().equals(model)) {
        return each.path("pin");
      }
    }
    return NullNode.getInstance();
  }

  @Test
  void shouldTellARoleWithTheSession() {
    assertThat(session(LEA)).isEqualTo("LEAD");
    assertThat(session(REA)).isEqualTo("READER");
    assertThat(session(VERA)).isEqualTo("VIEWER");
    assertThat(http.getJson("/api/session").path("role").isNull()).isTrue();
  }

  private static String session(String authorization) {
    return http.json(http.get("/api/session", "Authorization", authorization))
        .path("role")
        .asText();
  }

  private static void raise(String tileId) {
    topics.raise(TestAlert.of(tileId, "audit", 0.4));
    await().until(() -> http.get(Http.alert(tileId, ""), "Authorization", LEA).statusCode() == 200);
  }

  private static HttpResponse<byte[]> post(
      String tileId, String part, String body, String authorization) {
    return http.post(Http.alert(tileId, part), body, "Authorization", authorization);
  }

  private static JsonNode audit(String query, String authorization) {
    return http.json(http.get("/api/audit" + query, "Authorization", authorization));
  }

  private static List<JsonNode> actsOn(String tileId) {
    List<JsonNode> acts = new ArrayList<>();
    audit("?limit=500", LEA)
        .path("acts")
        .forEach(
            act -> {
              if (act.path("tileId").asText().equals(tileId)) {
                acts.add(act);
              }
            });
    return acts;
  }

  private static String correctedAt(String tileId) {
    return topics.awaitVerdict(tileId).getCorrectedAt().toString();
  }

  private static String sentence(JsonNode act) {
    return act.path("reviewer").asText()
        + " "
        + act.path("kind").asText()
        + " "
        + act.path("detail").asText();
  }

  private static String basic(String name) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((name + ":correct horse").getBytes(StandardCharsets.UTF_8));
  }
}
