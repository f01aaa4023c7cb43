package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.platform.config.PrivateFile;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.support.Browser;
import io.histoflow.review.support.Drawings;
import io.histoflow.review.support.SharedPage;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestDrift;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.DriftState;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page in a real browser, on a real broker. */
@ExtendWith(SharedPage.class)
class ReviewPageIT {
  private final ServiceConfig config;
  private final Browser browser;
  private final TestTopics topics;
  private final ReviewService service;

  ReviewPageIT(SharedPage.Running page) {
    this.config = page.config();
    this.browser = page.browser();
    this.topics = page.topics();
    this.service = page.service();
  }

  @Test
  void shouldShowAlertsAsTheyComeAndGo() {
    // Given
    topics.raise(TestAlert.of("live-1", "page-live", 0.5));
    browser.openOrgan(service.port(), "page-live");
    await().until(() -> browser.queue().equals(List.of("live-1")));

    // When
    topics.raise(TestAlert.of("live-2", "page-live", 0.7));
    topics.raise(TestAlert.of("live-3", "page-live", 0.2));

    // Then
    await()
        .untilAsserted(
            () -> assertThat(browser.queue()).containsExactly("live-2", "live-1", "live-3"));
    await().untilAsserted(() -> assertThat(browser.text("#open-count")).isEqualTo("3"));
    topics.publish(Topics.TILES_REVIEW, "live-1", null);
    await().untilAsserted(() -> assertThat(browser.queue()).containsExactly("live-2", "live-3"));
    await().untilAsserted(() -> assertThat(browser.text("#live")).isEqualTo("Live"));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldPublishWhatTheBrushDrewAndGoOnToTheNextTile() throws Exception {
    // Given
    topics.raise(TestAlert.of("brush/1", "page-brush", 0.9));
    topics.raise(TestAlert.of("brush/2", "page-brush", 0.8));
    browser.openOrgan(service.port(), "page-brush");
    browser.awaitTile("brush/1");
    browser.reviewer("Ada Lovelace");

    // When
    browser.press("b");
    browser.draw(-300, -200, 300, -200);
    String change = browser.text("#change");
    browser.click("#save");

    // Then
    browser.awaitTile("brush/2");
    assertThat(change).startsWith("Changed: +");
    assertThat(browser.queue()).containsExactly("brush/2");
    assertThat(topics.awaitVerdict("brush/1"))
        .satisfies(
            verdict -> {
              assertThat(verdict.getVerdict()).isEqualTo(Verdict.CORRECTED);
              assertThat(verdict.getReviewer()).isEqualTo("Ada Lovelace");
            });
    Mask model = Drawings.mask(64, 48);
    Mask drawn = mask(topics.awaitVerdict("brush/1"));
    long added = drawn.positivePixels() - model.positivePixels();
    assertThat(change).isEqualTo("Changed: +" + added + " −0 pixels");
    assertThat(added).isGreaterThan(100);
    for (int y = 0; y < 48; y++) {
      for (int x = 0; x < 64; x++) {
        assertThat(drawn.at(x, y) || !model.at(x, y)).as("%d, %d stays", x, y).isTrue();
      }
    }
    assertThat(drawn.at(32, 4)).as("the middle of the stroke").isTrue();
    assertThat(drawn.at(32, 45)).as("away from the stroke").isFalse();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldEraseUndoRedoAndRevert() {
    // Given
    topics.raise(TestAlert.of("erase", "page-erase", 0.9));
    browser.openOrgan(service.port(), "page-erase");
    browser.awaitTile("erase");

    // When, then
    browser.press("e");
    browser.draw(-40, 0, 40, 0);
    String erased = browser.text("#change");
    assertThat(erased).startsWith("Changed: +0 −");
    assertThat(browser.isShown("#confirm")).isFalse();
    browser.pressWith(List.of(Keys.CONTROL), "z");
    assertThat(browser.text("#change")).isEqualTo("The mask is as the model drew it.");
    assertThat(browser.isEnabled("#confirm")).isTrue();
    browser.pressWith(List.of(Keys.CONTROL, Keys.SHIFT), "z");
    assertThat(browser.text("#change")).isEqualTo(erased);
    browser.press("r");
    assertThat(browser.text("#change")).isEqualTo("The mask is as the model drew it.");
  }

  @Test
  void shouldKeepUnsavedChangesWhileAnotherTileIsOpen() {
    // Given
    topics.raise(TestAlert.of("draft-1", "page-draft", 0.9));
    topics.raise(TestAlert.of("draft-2", "page-draft", 0.8));
    browser.openOrgan(service.port(), "page-draft");
    browser.awaitTile("draft-1");
    browser.press("b");
    browser.draw(-300, -200, 300, -200);
    String change = browser.text("#change");

    // When
    browser.press("j");
    browser.awaitTile("draft-2");
    String other = browser.text("#change");
    browser.press("k");
    browser.awaitTile("draft-1");

    // Then
    assertThat(other).isEqualTo("The mask is as the model drew it.");
    assertThat(browser.text("#change")).isEqualTo(change);
    browser.press("r", "j");
    browser.awaitTile("draft-2");
  }

  @Test
  void shouldAskWhoReviewsAndConfirmByKeyboard() {
    // Given
    topics.raise(TestAlert.of("keyboard", "page-keyboard", 0.9));
    browser.openOrgan(service.port(), "page-keyboard");
    browser.awaitTile("keyboard");

    // When, then
    browser.pressWith(List.of(Keys.SHIFT), "c");
    await().untilAsserted(() -> assertThat(browser.text("#toast")).contains("enter your name"));
    browser.reviewer("Grace");
    browser.pressWith(List.of(Keys.SHIFT), "c");
    await().untilAsserted(() -> assertThat(browser.queue()).isEmpty());
    assertThat(browser.text("#message")).contains("No open alert is like this");
    assertThat(topics.awaitVerdict("keyboard").getVerdict()).isEqualTo(Verdict.CONFIRMED);
    assertThat(topics.awaitVerdict("keyboard").getReviewer()).isEqualTo("Grace");
  }

  @Test
  void shouldShowMarkupInNamesAsText() {
    // Given
    String organ = "<img src=x onerror=\"document.title='owned'\">";
    String tileId = "</li><script>document.title='owned'</script>";
    topics.raise(TestAlert.of(tileId, organ, 0.9));

    // When
    browser.openOrgan(service.port(), organ);
    browser.awaitTile(tileId);

    // Then
    assertThat(browser.text("#tile-organ")).isEqualTo(organ);
    assertThat(browser.text(".alert .organ")).isEqualTo(organ);
    assertThat(browser.count("img[src=x]")).isZero();
    assertThat(browser.count("body script")).isZero();
    assertThat(browser.title()).contains("histoflow review").doesNotContain("owned");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldSayThatATileHasExpiredAndLetItBeCalledUnusable() {
    // Given
    TestAlert alert = TestAlert.of("page-expired", "page-expired", 0.9);
    topics.raise(alert, new TileLocation(Topics.TILES_SCANNED.name(), 0, 1_000_000L));
    browser.openOrgan(service.port(), "page-expired");

    // When
    await().untilAsserted(() -> assertThat(browser.text("#message")).contains("has expired"));

    // Then
    assertThat(browser.isEnabled("#confirm")).isFalse();
    browser.reviewer("Ada");
    browser.click("#unusable");
    await().untilAsserted(() -> assertThat(browser.queue()).isEmpty());
    assertThat(topics.awaitVerdict("page-expired").getVerdict()).isEqualTo(Verdict.UNUSABLE);
  }

  @Test
  void shouldSayWhenAChangedTileIsClosedElsewhere() {
    // Given
    topics.raise(TestAlert.of("elsewhere", "page-elsewhere", 0.9));
    browser.openOrgan(service.port(), "page-elsewhere");
    browser.awaitTile("elsewhere");
    browser.press("b");
    browser.draw(-300, -200, 300, -200);

    // When
    topics.publish(Topics.TILES_REVIEW, "elsewhere", null);

    // Then
    await()
        .untilAsserted(
            () -> assertThat(browser.text("#toast")).contains("elsewhere", "Your mask is kept"));
    assertThat(browser.queue()).isEmpty();
    assertThat(browser.text("#tile-id")).isEqualTo("elsewhere");
    assertThat(browser.text("#lost-text")).contains("its verdict is not known");
    browser.click("#discard");
    await().untilAsserted(() -> assertThat(browser.isShown("#lost-drafts")).isFalse());
  }

  @Test
  void shouldSayQuietlyWhatHasDriftedAndWhatWasHeldBack() {
    // Given: a name that would be harmful if it were taken for anything but text
    String organ = "<img src=x onerror=alert(1)>";
    topics.publish(Topics.DRIFT_ALARMS, "page/7", TestDrift.of(organ, "7", DriftState.DRIFTED));
    topics.publish(
        Topics.TILES_HELD_BACK, "held-on-page", TestDrift.heldBack("h", organ, Instant.now()));

    // When
    browser.open(service.port());
    await()
        .untilAsserted(
            () -> assertThat(browser.text("#notice")).contains(organ + " on 7", "held back"));
    browser.click("#notice");

    // Then
    await().until(() -> browser.isShown("#drift-list .drift"));
    assertThat(browser.text("#drift-list"))
        .contains(
            organ + " on 7",
            "since 2 Jan 2026, model version 3",
            "Mean entropy, bit/px drifted",
            "Positive area, share of the tile as before",
            "distance 0.70, limit 0.12; 2,000 tiles then, 500 now");
    assertThat(browser.count("#drift-list .drift svg")).isEqualTo(2);
    assertThat(browser.attribute("#drift-list .drift svg", "aria-label"))
        .isEqualTo("median 0.200 then, 0.500 now");
    assertThat(browser.left("#drift-list svg .then.median"))
        .isLessThan(browser.left("#drift-list svg .now.median"));
    assertThat(browser.text("#held-back")).contains(organ);
    assertThat(browser.count("#drift-list img, #held-back img, #notice img")).isZero();
    assertThat(browser.complaints()).isEmpty();

    // and when it is over, the page says so by itself
    topics.publish(Topics.DRIFT_ALARMS, "page/7", TestDrift.of(organ, "7", DriftState.NORMAL));
    await().untilAsserted(() -> assertThat(browser.count("#drift-list .drift")).isZero());
    assertThat(browser.text("#drift-list")).isEqualTo("No organ has drifted on any scanner.");
  }

  @Test
  void shouldGoOnByItselfAfterTheServiceWasAway() {
    // Given
    ServiceConfig away = config.with("histoflow.worker.id", "page-away");
    ReviewService first = new ReviewService(away);
    first.start();
    int port = first.port();
    topics.raise(TestAlert.of("away-1", "page-away", 0.9));
    browser.openOrgan(port, "page-away");
    browser.awaitTile("away-1");

    // When
    first.close();
    await().untilAsserted(() -> assertThat(browser.text("#live")).contains("Connection lost"));
    topics.raise(TestAlert.of("away-2", "page-away", 0.95));

    // Then
    try (ReviewService second = new ReviewService(away.with(ReviewSettings.PORT, port))) {
      second.start();
      await().untilAsserted(() -> assertThat(browser.queue()).containsExactly("away-2", "away-1"));
      assertThat(browser.text("#live")).isEqualTo("Live");
      assertThat(browser.text("#tile-id")).isEqualTo("away-1");
    }
  }

  @Test
  void shouldLetReviewersSignIn(@TempDir Path directory) throws IOException {
    // Given
    Path users = directory.resolve("users");
    PrivateFile.write(users, "ada:$2y$04$sk13uKqd5yXeNOSQPyKRTes3oduY6aUQjXC.D9p496RuWnxnBFMEq");
    topics.raise(TestAlert.of("signed-in", "page-sign-in", 0.9));
    ServiceConfig withUsers =
        config.with(ReviewSettings.USERS, users).with("histoflow.worker.id", "page-users");
    try (ReviewService guarded = new ReviewService(withUsers)) {
      guarded.start();
      browser.open(guarded.port());
      await().until(() -> browser.isShown("#sign-in"));

      // When, then
      browser.type("#sign-in-name", "ada");
      browser.type("#sign-in-password", "wrong");
      browser.click("#sign-in button");
      await()
          .untilAsserted(
              () ->
                  assertThat(browser.text("#sign-in-error"))
                      .isEqualTo("The name or the password is wrong."));
      browser.type("#sign-in-password", "\b\b\b\b\bcorrect horse");
      browser.click("#sign-in button");
      await().until(() -> !browser.isShown("#sign-in"));
      await().until(() -> browser.organs().contains("page-sign-in"));
      assertThat(browser.text("#signed-in-name")).isEqualTo("ada");
      assertThat(browser.isShown("#reviewer")).isFalse();
    }
  }

  private static Mask mask(MaskCorrected verdict) throws Exception {
    ByteBuffer buffer = verdict.getMask();
    byte[] png = new byte[buffer.remaining()];
    buffer.duplicate().get(png);
    return MaskPng.decode(png, ImageLimits.forTiles());
  }
}
