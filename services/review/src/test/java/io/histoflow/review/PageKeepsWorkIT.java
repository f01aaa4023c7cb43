package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.support.Browser;
import io.histoflow.review.support.Drawings;
import io.histoflow.review.support.Http;
import io.histoflow.review.support.SharedPage;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.Verdict;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** No work is lost: drafts, verdicts on their way, and races that somebody else won. */
@ExtendWith(SharedPage.class)
class PageKeepsWorkIT {
  private final SharedPage.Running page;
  private final Browser browser;
  private final TestTopics topics;

  PageKeepsWorkIT(SharedPage.Running page) {
    this.page = page;
    this.browser = page.browser();
    this.topics = page.topics();
  }

  @Test
  void shouldKeepTheMaskOfALostRaceAndPublishItAsSecondOpinion() {
    // Given
    open("race", "page-race");
    browser.reviewer("Ada");
    String change = paint();
    browser.click("#save");
    await().until(() -> browser.isShown("#verdict-bar"));

    // When
    decideAsGrace("race");

    // Then
    await().untilAsserted(() -> assertThat(browser.text("#lost-text")).contains("Grace corrected"));
    assertThat(browser.text("#toast")).contains("Your mask is kept");
    assertThat(browser.text("#tile-id")).isEqualTo("race");
    assertThat(browser.isShown("#decide")).isFalse();
    assertThat(browser.isShown("#verdict-bar")).isFalse();
    assertThat(topics.verdicts("race"))
        .extracting(MaskCorrected::getReviewer)
        .containsOnly("Grace");

    // and both masks can be seen, even after the page is opened anew
    browser.reload();
    await().until(() -> browser.isShown("#lost-drafts"));
    browser.click("#lost-drafts");
    await().until(() -> browser.isEnabled("#compare"));
    assertThat(browser.text("#tile-id")).isEqualTo("race");
    assertThat(changeOf("race")).isEqualTo(change);
    Object alone = picture();
    browser.click("#compare");
    await().untilAsserted(() -> assertThat(picture()).isNotEqualTo(alone));

    // and the mask is published beside the verdict
    browser.click("#opinion");
    await().until(() -> !topics.opinions("race").isEmpty());
    assertThat(topics.opinions("race"))
        .singleElement()
        .satisfies(
            opinion -> {
              assertThat(opinion.getReviewer()).isEqualTo("Ada");
              assertThat(opinion.getVerdict()).isEqualTo(Verdict.CORRECTED);
              assertThat(opinion.getMask().remaining()).isPositive();
            });
    assertThat(topics.verdicts("race")).hasSize(1);
    await().untilAsserted(() -> assertThat(browser.isShown("#lost-drafts")).isFalse());
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldKeepAChangedTileThatSomebodyElseClosesUntilItIsDiscarded() {
    // Given
    open("taken", "page-taken");
    topics.raise(TestAlert.of("next", "page-taken", 0.1));
    String change = paint();

    // When
    decideAsGrace("taken");

    // Then
    await().untilAsserted(() -> assertThat(browser.text("#lost-text")).contains("Grace"));
    assertThat(browser.text("#tile-id")).isEqualTo("taken");
    assertThat(changeOf("taken")).isEqualTo(change);
    assertThat(browser.queue()).containsExactly("next");
    browser.click("#discard");
    browser.awaitTile("next");
    assertThat(browser.isShown("#lost-drafts")).isFalse();
    assertThat(topics.opinions("taken")).isEmpty();
  }

  @Test
  void shouldSayThatANewerPageIsOpenElsewhereAndGoOnAfterAReload() {
    // Given
    open("outdated", "page-outdated");
    browser.reviewer("Ada");
    String change = paint();
    String window = browser.window();

    // When: a page of the next version takes the browser's database
    browser.newWindow();
    browser.open(page.port(), "api/session");
    var unused =
        browser.script(
            """
            return new Promise((resolve) => {
              const request = indexedDB.open('histoflow', 2);
              request.onsuccess = () => { request.result.close(); resolve(true); };
            });
            """);
    browser.closeAllBut(window);

    // Then: nothing more can be drawn that would be lost
    await().until(() -> browser.isShown("#retired"));
    assertThat(browser.text("#retired-text")).contains("newer version of this page", "Reload");
    browser.press(Keys.ESCAPE);
    browser.press(Keys.chord(Keys.SHIFT, "s"));
    assertThat(browser.isShown("#retired")).isTrue();
    assertThat(browser.isShown("#verdict-bar")).isFalse();
    assertThat(changeOf("outdated")).isEqualTo(change);

    // and a page of this version that is opened after it says so, too
    browser.click("#reload");
    await()
        .untilAsserted(
            () -> assertThat(browser.text("#retired-text")).contains("was open in this browser"));
    assertThat(browser.isShown("#retired")).isTrue();
  }

  @Test
  void shouldKeepEveryDraftThroughAReload() {
    // Given
    int tiles = 34;
    for (int i = 0; i < tiles; i++) {
      topics.raise(TestAlert.of("many-drafts-" + i, "page-many-drafts", 0.9 - 0.01 * i));
    }
    browser.openOrgan(page.port(), "page-many-drafts");
    for (int i = 0; i < tiles; i++) {
      browser.awaitTile("many-drafts-" + i);
      paint();
      browser.press("j");
    }

    // When
    browser.reload();
    browser.openOrgan(page.port(), "page-many-drafts");

    // Then
    browser.awaitTile("many-drafts-0");
    for (int i = 0; i < tiles; i++) {
      browser.awaitTile("many-drafts-" + i);
      assertThat(browser.text("#change")).as("tile %d", i).startsWith("Changed: +");
      browser.press("j");
    }
  }

  @Test
  void shouldKeepDraftsOfEachPersonApart() {
    // Given
    open("apart", "page-apart");
    browser.reviewer("Ada");
    browser.awaitTile("apart");
    String ada = paint();

    // When, then: Grace has the tile that Ada left, without what she drew
    browser.reviewer("Grace");
    await().untilAsserted(() -> assertThat(browser.text("#change")).contains("as the model"));
    browser.reviewer("Ada");
    await().untilAsserted(() -> assertThat(browser.text("#change")).isEqualTo(ada));
  }

  @Test
  void shouldTakeAVerdictBackWithItsMask() {
    // Given
    open("back", "page-back");
    browser.reviewer("Ada");
    browser.awaitTile("back");
    String change = paint();

    // When: a tile with a changed mask cannot be judged
    browser.pressWith(List.of(Keys.SHIFT), "x");

    // Then: that is asked about, and can be taken back
    assertThat(browser.text("#reasons")).contains("Your changes to the mask are left out");
    assertThat(browser.isShown("#verdict-bar")).isFalse();
    browser.press("3");
    await().until(() -> browser.isShown("#take-back"));
    assertThat(browser.queue()).isEmpty();
    browser.pressWith(List.of(Keys.SHIFT), "z");
    browser.awaitTile("back");
    assertThat(browser.text("#change")).isEqualTo(change);
    assertThat(browser.isShown("#verdict-bar")).isFalse();
    browser.click("#save");
    assertThat(topics.awaitVerdict("back").getVerdict()).isEqualTo(Verdict.CORRECTED);
    assertThat(topics.verdicts("back")).hasSize(1);
  }

  @Test
  void shouldGiveNoVerdictOnATileThatIsNotThereYet() {
    // Given
    topics.raise(TestAlert.of("late", "page-late", 0.9));
    browser.reviewer("Ada");
    browser.script(
        "const fetched = window.fetch;"
            + "window.fetch = (url, ...rest) => url.endsWith('/image')"
            + " ? new Promise(() => {}) : fetched(url, ...rest)");
    browser.choose("page-late");
    await().untilAsserted(() -> assertThat(browser.text("#tile-id")).isEqualTo("late"));

    // When
    browser.pressWith(List.of(Keys.SHIFT), "x");

    // Then
    assertThat(browser.text("#toast")).contains("still loading");
    assertThat(browser.isEnabled("#unusable")).isFalse();
    assertThat(browser.isShown("#verdict-bar")).isFalse();
  }

  @Test
  void shouldSendAVerdictAgainWhenTheServiceIsBack() {
    // Given
    ServiceConfig own = page.config().with("histoflow.worker.id", "page-retry");
    ReviewService first = new ReviewService(own);
    first.start();
    int port = first.port();
    topics.raise(TestAlert.of("retry", "page-retry", 0.9));
    browser.openOrgan(port, "page-retry");
    browser.awaitTile("retry");
    browser.reviewer("Ada");
    browser.awaitTile("retry");
    paint();

    // When
    browser.click("#save");
    await().until(() -> browser.isShown("#verdict-bar"));
    first.close();

    // Then
    await()
        .untilAsserted(
            () -> assertThat(browser.text("#verdict-text")).contains("is not saved yet"));
    assertThat(topics.verdicts("retry")).isEmpty();
    try (ReviewService second = new ReviewService(own.with(ReviewSettings.PORT, port))) {
      second.start();
      assertThat(topics.awaitVerdict("retry").getVerdict()).isEqualTo(Verdict.CORRECTED);
      await().untilAsserted(() -> assertThat(browser.isShown("#verdict-bar")).isFalse());
      assertThat(browser.queue()).isEmpty();
    }
  }

  @Test
  void shouldKnowItsOwnVerdictWhereTheAnswerWasLost() {
    // Given
    open("answer", "page-answer");
    browser.reviewer("Ada");
    browser.awaitTile("answer");
    paint();
    browser.script(
        "const fetched = window.fetch; let lost = false;"
            + "window.fetch = async (url, ...rest) => {"
            + "  const answer = await fetched(url, ...rest);"
            + "  if (!url.endsWith('/correction') || lost) return answer;"
            + "  lost = true; throw new TypeError('the line went down');"
            + "}");

    // When
    browser.click("#save");

    // Then
    await()
        .untilAsserted(
            () -> assertThat(browser.text("#toast")).isEqualTo("Mask corrected: saved."));
    assertThat(topics.verdicts("answer")).hasSize(1);
    assertThat(browser.isShown("#lost-drafts")).isFalse();
  }

  @Test
  void shouldSendWhatWaitedWhenThePageIsOpenedAgain() {
    // Given
    open("reopened", "page-reopened");
    browser.reviewer("Ada");
    browser.awaitTile("reopened");
    paint();
    browser.click("#save");
    await().until(() -> browser.isShown("#verdict-bar"));

    // When
    browser.open(page.port());

    // Then
    assertThat(topics.awaitVerdict("reopened").getVerdict()).isEqualTo(Verdict.CORRECTED);
  }

  private void open(String tileId, String organ) {
    topics.raise(TestAlert.of(tileId, organ, 0.9));
    browser.openOrgan(page.port(), organ);
    browser.awaitTile(tileId);
  }

  /** Draws a stroke and returns what the page says of it. */
  private String paint() {
    browser.press("b");
    browser.draw(-200, -150, 200, -150);
    return browser.text("#change");
  }

  /** What the page's database keeps of a tile; the panel shows it for open tiles only. */
  private String changeOf(String tileId) {
    await().untilAsserted(() -> assertThat(browser.text("#tile-id")).isEqualTo(tileId));
    return (String) browser.script("return document.querySelector('#change').textContent");
  }

  private Object picture() {
    return browser.script("return document.querySelector('#canvas').toDataURL()");
  }

  private void decideAsGrace(String tileId) {
    String mask = Base64.getEncoder().encodeToString(Drawings.maskPng(64, 48));
    assertThat(
            new Http(page.port())
                .post(
                    Http.alert(tileId, "/correction"),
                    "{\"verdict\": \"CORRECTED\", \"reviewer\": \"Grace\", \"mask\": \"%s\"}"
                        .formatted(mask))
                .statusCode())
        .isEqualTo(201);
  }
}
