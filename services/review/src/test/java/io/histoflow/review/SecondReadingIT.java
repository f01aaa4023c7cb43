package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.support.Drawings;
import io.histoflow.review.support.Http;
import io.histoflow.review.support.SharedPlatform;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.Topics;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Drawn tiles that two people read. */
@ExtendWith(SharedPlatform.class)
class SecondReadingIT {
  private static TestTopics topics;
  private static ReviewService service;
  private static Http http;

  @BeforeAll
  static void start(ServiceConfig platform) throws Exception {
    ServiceConfig config = platform.with(ReviewSettings.PORT, 0);
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
  void shouldAskAnotherPersonWithTheVerdictAndPublishWhatThatOneSaysBesideIt() {
    // Given
    drawn("read-by-two", "second-reading", true);

    // When
    assertThat(correct("read-by-two", "Ada", 1_234).statusCode()).isEqualTo(201);

    // Then: another alert, which tells nothing of the first verdict
    await()
        .until(() -> http.getJson("/api/alerts?organ=second-reading").path("total").asInt() == 1);
    JsonNode alert = http.getJson("/api/alerts?organ=second-reading").at("/alerts/0");
    assertThat(alert.path("reason").asText()).isEqualTo("AUDIT");
    assertThat(alert.toString()).doesNotContain("Ada");
    assertThat(http.getJson("/api/alerts?organ=second-reading&reader=Ada").path("total").asInt())
        .isZero();

    // And: not by the same person
    HttpResponse<byte[]> same = correct("read-by-two", "Ada", 0);
    assertThat(same.statusCode()).isEqualTo(403);
    assertThat(http.error(same)).contains("waits for a second reader: leave it to somebody else");

    // And: by another, beside the verdict
    assertThat(correct("read-by-two", "Grace", 0).statusCode()).isEqualTo(201);
    await()
        .until(() -> http.getJson("/api/alerts?organ=second-reading").path("total").asInt() == 0);
    assertThat(topics.awaitVerdict("read-by-two")).isNotNull();
    assertThat(topics.verdicts("read-by-two"))
        .singleElement()
        .satisfies(
            verdict -> {
              assertThat(verdict.getReviewer()).isEqualTo("Ada");
              assertThat(verdict.getViewedMillis()).isEqualTo(1_234);
              assertThat(verdict.getAudited()).isTrue();
              assertThat(verdict.getSecondReading()).isFalse();
            });
    await().until(() -> !topics.opinions("read-by-two").isEmpty());
    assertThat(topics.opinions("read-by-two"))
        .singleElement()
        .satisfies(
            opinion -> {
              assertThat(opinion.getReviewer()).isEqualTo("Grace");
              assertThat(opinion.getSecondReading()).isTrue();
            });
  }

  @Test
  void shouldAskNobodyAboutOtherTiles() {
    drawn("read-by-one", "read-once", false);

    assertThat(correct("read-by-one", "Ada", 0).statusCode()).isEqualTo(201);

    MaskCorrected verdict = topics.awaitVerdict("read-by-one");
    assertThat(verdict.getAudited()).isTrue();
    assertThat(topics.records(Topics.TILES_REVIEW.name(), "read-by-one"))
        .last()
        .satisfies(record -> assertThat(record.value()).isNull());
  }

  private static void drawn(String tileId, String organ, boolean forTwo) {
    ReviewRequested uncertain = topics.raise(TestAlert.of(tileId, organ, 0.9));
    topics.publish(
        Topics.TILES_REVIEW,
        tileId,
        RecordCopy.with(
            uncertain,
            Map.of(
                "reason",
                ReviewReason.UNCERTAIN,
                "audited",
                true,
                "inclusionProbability",
                1.0,
                "secondReader",
                forTwo)));
    await().until(() -> http.getJson("/api/alerts?organ=" + organ).path("total").asInt() == 1);
  }

  private static HttpResponse<byte[]> correct(String tileId, String reviewer, long viewed) {
    String mask = Base64.getEncoder().encodeToString(MaskPng.encode(Drawings.mask(64, 48)));
    return http.post(
        Http.alert(tileId, "/correction"),
        """
        {"verdict": "CORRECTED", "reviewer": "%s", "mask": "%s", "blind": true, "viewedMillis": %d}\
        """
            .formatted(reviewer, mask, viewed));
  }
}
