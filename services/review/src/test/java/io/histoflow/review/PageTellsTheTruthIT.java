package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.openqa.selenium.interactions.PointerInput.MouseButton.LEFT;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.support.Browser;
import io.histoflow.review.support.SharedPage;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestModel;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the page says of the queue, the line, inference and the model is so. */
@ExtendWith(SharedPage.class)
class PageTellsTheTruthIT {
  private final SharedPage.Running page;
  private final Browser browser;
  private final TestTopics topics;

  PageTellsTheTruthIT(SharedPage.Running page) {
    this.page = page;
    this.browser = page.browser();
    this.topics = page.topics();
  }

  @Test
  void shouldLeaveALongListWhereItIsWhenAnAlertComes() {
    // Given
    int tiles = 1_223;
    topics.raiseAll(
        IntStream.range(0, tiles)
            .mapToObj(i -> TestAlert.of("long-" + i, "page-long", 0.9 - 0.0005 * i))
            .toList());
    browser.openOrgan(page.port(), "page-long");
    browser.awaitTile("long-0");
    await()
        .untilAsserted(
            () -> {
              browser.script(
                  "const l = document.querySelector('#alerts'); l.scrollTop = l.scrollHeight");
              assertThat(rows()).isEqualTo(tiles);
            });
    browser.script("document.querySelector('#alerts').scrollTop = 600 * 80 + 7");
    await().untilAsserted(() -> assertThat(firstInSight()).isEqualTo("long-600"));

    // When
    topics.raise(TestAlert.of("long-new", "page-long", 0.95));

    // Then
    await().untilAsserted(() -> assertThat(browser.text("#queue-above")).isEqualTo("1 new above"));
    assertThat(rows()).isEqualTo(tiles + 1);
    assertThat(firstInSight()).isEqualTo("long-600");
    assertThat(browser.count(".alert")).isLessThan(40);
    assertThat(browser.text("#tile-id")).isEqualTo("long-0");
    browser.click("#queue-above");
    await().untilAsserted(() -> assertThat(browser.queue()).startsWith("long-new", "long-0"));
    await().untilAsserted(() -> assertThat(browser.isShown("#queue-above")).isFalse());
  }

  @Test
  void shouldCountInTheTitleWhatTheFilterShows() {
    // Given
    topics.raise(TestAlert.of("title-1", "page-title", 0.9));
    topics.raise(TestAlert.of("title-2", "page-title", 0.8));
    topics.raise(TestAlert.of("title-3", "page-title-other", 0.8));

    // When
    browser.openOrgan(page.port(), "page-title");

    // Then
    await().untilAsserted(() -> assertThat(browser.title()).isEqualTo("(2) histoflow review"));
    assertThat(browser.text("#open-count")).isEqualTo("2");
  }

  @Test
  void shouldShowATileThatCouldNotBeShownWhenTheLineIsBack() {
    // Given
    ServiceConfig own = page.config().with("histoflow.worker.id", "page-back");
    ReviewService first = new ReviewService(own);
    first.start();
    int port = first.port();
    for (int i = 1; i <= 5; i++) {
      topics.raise(TestAlert.of("line-" + i, "page-line", 0.9 - 0.1 * i));
    }
    browser.openOrgan(port, "page-line");
    browser.awaitTile("line-1");
    await().until(() -> picturesOf("line-4") == 3);
    first.close();
    await().untilAsserted(() -> assertThat(browser.text("#live")).contains("Connection lost"));

    // When: three tiles ahead are there already
    for (int i = 2; i <= 4; i++) {
      browser.press("j");
      browser.awaitTile("line-" + i);
    }
    browser.press("j");

    // Then
    await().untilAsserted(() -> assertThat(browser.text("#message")).contains("cannot be shown"));
    assertThat(browser.isShown("#readout")).isFalse();
    assertThat(browser.isEnabled("#unusable")).isFalse();
    try (ReviewService second = new ReviewService(own.with(ReviewSettings.PORT, port))) {
      second.start();
      browser.awaitTile("line-5");
      assertThat(browser.text("#live")).isEqualTo("Live");
      assertThat(browser.isShown("#readout")).isTrue();
    }
  }

  @Test
  void shouldSayThatInferenceStandsStillOrRefusesEveryTile() {
    // Given
    ServiceConfig own =
        page.config()
            .with("histoflow.worker.id", "page-flow")
            .with(ReviewSettings.FLOW_PATIENCE, Duration.ofSeconds(2));
    topics.answerEveryTile();
    try (ReviewService service = new ReviewService(own)) {
      service.start();
      topics.raise(TestAlert.of("flow-1", "page-flow", 0.9));
      browser.openOrgan(service.port(), "page-flow");

      // When, then: a tile waits, and nobody takes it
      await()
          .untilAsserted(
              () -> assertThat(browser.text("#live")).isEqualTo("Inference stands still"));
      assertThat(browser.attribute("#live", "class")).isEqualTo("status trouble");
      assertThat(browser.attribute("#live", "title")).contains("1 in all");

      // and when it is answered
      topics.answerEveryTile();
      await().untilAsserted(() -> assertThat(browser.text("#live")).isEqualTo("Live"));

      // and when everything is refused
      for (int i = 2; i < 6; i++) {
        topics.raise(TestAlert.of("flow-" + i, "page-flow", 0.9));
        topics.deadLetter("flow-" + i);
      }
      topics.answerEveryTile();
      await()
          .untilAsserted(
              () -> assertThat(browser.text("#live")).isEqualTo("Every tile is refused"));

      // and when one comes through again
      topics.publish(
          Topics.TILES_SEGMENTED,
          "flow-6",
          TestAlert.of("flow-6", "page-flow", 0.9).requested(0).getSegmentation());
      await().untilAsserted(() -> assertThat(browser.text("#live")).isEqualTo("Live"));
    }
  }

  @Test
  void shouldNameTheVersionThatIsInForceWhateverWasAccepted() {
    // Given: round 5 was accepted and held back, and version 4 is in force
    topics.publish(Topics.DECODER_DECISIONS, "test-model", heldBack());
    topics.publish(Topics.DECODER_WEIGHTS, "test-model", TestModel.weights("test-model", 4));
    topics.publish(
        Topics.WORKERS_VERSIONS, "page-worker", TestModel.worker("page-worker", "test-model", 4));
    topics.raise(TestAlert.of("version", "page-version", 0.9));

    // When
    browser.openOrgan(page.port(), "page-version");
    browser.awaitTile("version");

    // Then
    await()
        .untilAsserted(() -> assertThat(browser.text("#facts")).contains("version 3; in force 4"));

    // and after a rollback
    topics.publish(Topics.DECODER_WEIGHTS, "test-model", TestModel.weights("test-model", 3));
    await()
        .untilAsserted(
            () ->
                assertThat(browser.text("#facts"))
                    .contains("version 3")
                    .doesNotContain("in force"));
    browser.click(".places a[href='/models']");
    await()
        .untilAsserted(
            () ->
                assertThat(browser.text("#page"))
                    .contains("test-model", "In force: version 3", "page-worker", "runs 4")
                    .contains("Round 5", "held back", "pinned by Ada"));
    topics.publish(
        Topics.WORKERS_VERSIONS, "page-worker", TestModel.worker("page-worker", "test-model", 3));
    await().untilAsserted(() -> assertThat(browser.text("#page")).contains("runs 3"));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldDrawOnlyWhatAStrokeChangesAndThatAsIfAllWereDrawn() {
    // Given
    topics.raise(new TestAlert("large", "page-large", 0.9, 2_048, 2_048));
    browser.openOrgan(page.port(), "page-large");
    browser.awaitTile("large");
    browser.press("b", "o", "o");
    browser.script(
        """
        window.areas = [];
        const prototype = CanvasRenderingContext2D.prototype;
        const rect = prototype.rect;
        prototype.rect = function (x, y, width, height) {
          window.areas.push(width * height);
          return rect.call(this, x, y, width, height);
        };
        document.querySelector('#canvas')
          .addEventListener('pointerdown', () => { window.areas = []; }, { capture: true });
        """);

    // When
    browser.draw(LEFT, new int[] {-250, -250}, new int[] {-215, -200}, new int[] {-180, -150});

    // Then
    assertThat(browser.text("#change")).startsWith("Changed: +");
    assertThat(
            (double)
                browser.script(
                    "const c = document.querySelector('#canvas');return"
                        + " Math.max(...window.areas) / (c.width * c.height) + 1e-9"))
        .as("share of the canvas that a frame draws")
        .isLessThan(0.2);
    browser.script(
        "document.querySelector('#canvas').dispatchEvent(new PointerEvent('pointerleave'))");
    await().until(() -> difference(true) == 0);
    browser.press("m", "m");
    // A part of a scaled picture is rounded at its edges, by less than anybody sees.
    await().untilAsserted(() -> assertThat(difference(false)).isLessThan(8));
  }

  /**
   * By how much the canvas differs from what was remembered of it, 255 at most.
   *
   * @param remembers whether what it shows now is remembered in its place
   */
  private long difference(boolean remembers) {
    return (long)
        browser.script(
            """
            const canvas = document.querySelector('#canvas');
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            const before = window.kept;
            if (arguments[0]) window.kept = data;
            return before ? data.reduce((most, v, i) => Math.max(most, Math.abs(v - before[i])), 0) : 255;
            """,
            remembers);
  }

  private long rows() {
    return Long.parseLong(
        (String)
            browser.script(
                "return document.querySelector('.alert')?.getAttribute('aria-setsize') ?? '0'"));
  }

  private Object firstInSight() {
    return browser.script(
        "const box = document.querySelector('#alerts').getBoundingClientRect();return"
            + " document.elementFromPoint(box.x + 100, box.y +"
            + " 2)?.closest('.alert')?.dataset.tileId");
  }

  private static DecoderDecision heldBack() {
    return DecoderDecision.newBuilder()
        .setModelId("test-model")
        .setRound(5)
        .setParentVersion(4)
        .setCandidateVersion(5L)
        .setAccepted(true)
        .setReason("better")
        .setHeldBack("pinned by Ada")
        .setExamplesUsed(8)
        .setCorrectionOffsets(Map.of("0", 8L))
        .setDecidedAt(TestAlert.RAISED)
        .build();
  }

  /** How many pictures of a tile have come. */
  private long picturesOf(String tileId) {
    return (long)
        browser.script(
            """
            return performance.getEntriesByType('resource').filter(({ name }) =>
              ['image', 'mask', 'entropy'].some((part) => name.endsWith(`/${arguments[0]}/${part}`))).length;
            """,
            tileId);
  }
}
