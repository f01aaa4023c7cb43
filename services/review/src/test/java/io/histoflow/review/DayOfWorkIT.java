package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.letters.LetterId;
import io.histoflow.review.support.Browser;
import io.histoflow.review.support.Drawings;
import io.histoflow.review.support.Http;
import io.histoflow.review.support.Provider;
import io.histoflow.review.support.SharedPlatform;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestModel;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** A lead's whole day at the page, from signing in at the hospital's provider to the audit. */
@ExtendWith(SharedPlatform.class)
class DayOfWorkIT {
  private static final String LEA = "Lea Day";
  private static final String MODEL = "test-model";

  private static Provider provider;
  private static ReviewService service;
  private static TestTopics topics;
  private static Browser browser;
  private static Http http;

  @BeforeAll
  static void start(ServiceConfig platform, @TempDir Path profile) {
    browser = Browser.start(profile);
    provider = new Provider();
    service = new ReviewService(provider.config(platform).with("histoflow.worker.id", "day"));
    service.start();
    http = new Http(service.port());
    topics = new TestTopics(platform);
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      topics.close();
      service.close();
      provider.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @Test
  void shouldBearAWholeDay(@TempDir Path folder) throws IOException {
    double score = 0.9;
    for (String tile : List.of("mouse", "keys", "race", "line", "back", "model")) {
      topics.raise(TestAlert.of("day-" + tile, "day", score));
      score -= 0.1;
    }
    topics.raiseSlide("day-slide");
    LetterId letter =
        topics.refuse(
            TestAlert.of("day-refused", "day-refused", 0), Drawings.imagePng(64, 48), "No room.");

    signIn();
    correctWithTheMouse();
    correctWithKeysOnly();
    loseARace();
    loseTheLine();
    takeAVerdictBack();
    seeTheModelChange();
    takeOutlinesOutAndBackChanged(folder);
    publishALetterAgain(letter);
    seeItInTheAudit();
    assertThat(browser.complaints()).isEmpty();
  }

  private static void signIn() {
    browser.open(service.port());
    await().until(() -> browser.isShown("#sign-in-at"));
    Provider.signIn(browser, LEA, "histoflow-lead");
  }

  private static void correctWithTheMouse() {
    browser.choose("day");
    browser.awaitTile("day-mouse");
    await().until(() -> holder("day-mouse").equals(LEA));
    browser.click("[data-tool=brush]");
    browser.draw(-200, -150, 200, -150);
    browser.click("#save");
    browser.awaitTile("day-keys");
    assertThat(topics.awaitVerdict("day-mouse"))
        .extracting(MaskCorrected::getReviewer, MaskCorrected::getVerdict)
        .containsExactly(LEA, Verdict.CORRECTED);
  }

  private static void correctWithKeysOnly() {
    browser.press("b", "g", Keys.ENTER);
    browser.pressWith(List.of(Keys.SHIFT), Keys.ARROW_RIGHT.toString().repeat(40));
    browser.press(Keys.ENTER);
    browser.pressWith(List.of(Keys.SHIFT), "s");
    browser.awaitTile("day-race");
    assertThat(topics.awaitVerdict("day-keys").getVerdict()).isEqualTo(Verdict.CORRECTED);
  }

  private static void loseARace() {
    paint();
    browser.click("#save");
    await().until(() -> browser.isShown("#verdict-bar"));
    String mask = Base64.getEncoder().encodeToString(Drawings.maskPng(64, 48));
    String verdict = "{\"verdict\": \"CORRECTED\", \"mask\": \"" + mask + "\"}";
    assertThat(
            http.post(Http.alert("day-race", "/correction"), verdict, "Cookie", grace())
                .statusCode())
        .isEqualTo(201);
    await().untilAsserted(() -> assertThat(browser.text("#lost-text")).contains("Grace corrected"));
    browser.click("#opinion");
    await().until(() -> !topics.opinions("day-race").isEmpty());
    assertThat(topics.verdicts("day-race"))
        .extracting(MaskCorrected::getReviewer)
        .containsExactly("Grace");
  }

  private static void loseTheLine() {
    browser.awaitTile("day-line");
    browser.script(
        """
        const fetched = window.fetch;
        window.lineIsDown = true;
        window.fetch = (url, ...rest) => (window.lineIsDown && String(url).endsWith('/correction')
          ? Promise.reject(new TypeError('the line is down')) : fetched(url, ...rest));
        """);
    paint();
    browser.click("#save");
    await()
        .untilAsserted(
            () -> assertThat(browser.text("#verdict-text")).contains("is not saved yet"));
    assertThat(topics.verdicts("day-line")).isEmpty();
    browser.script("window.lineIsDown = false");
    assertThat(topics.awaitVerdict("day-line").getVerdict()).isEqualTo(Verdict.CORRECTED);
  }

  private static void takeAVerdictBack() {
    browser.awaitTile("day-back");
    paint();
    String change = browser.text("#change");
    browser.click("#save");
    await().until(() -> browser.isShown("#take-back"));
    browser.pressWith(List.of(Keys.SHIFT), "z");
    browser.awaitTile("day-back");
    assertThat(browser.text("#change")).isEqualTo(change);
    assertThat(topics.verdicts("day-back")).isEmpty();
    browser.click("#save");
    assertThat(topics.awaitVerdict("day-back").getVerdict()).isEqualTo(Verdict.CORRECTED);
  }

  private static void seeTheModelChange() {
    browser.awaitTile("day-model");
    topics.publish(Topics.DECODER_WEIGHTS, MODEL, TestModel.weights(MODEL, 4));
    await()
        .untilAsserted(() -> assertThat(browser.text("#facts")).contains("version 3; in force 4"));
    topics.publish(Topics.DECODER_WEIGHTS, MODEL, TestModel.weights(MODEL, 3));
    await()
        .untilAsserted(
            () ->
                assertThat(browser.text("#facts"))
                    .contains("version 3")
                    .doesNotContain("in force"));
  }

  private static void takeOutlinesOutAndBackChanged(Path folder) throws IOException {
    browser.open(service.port(), "slides/slide-of-day-slide");
    browser.bringOutlinesBackChanged("slide-of-day-slide", folder);
    await()
        .untilAsserted(() -> assertThat(browser.text(".intake-told")).contains("tiles corrected"));
    assertThat(topics.awaitVerdict("day-slide").getReviewer()).isEqualTo(LEA);
  }

  private static void publishALetterAgain(LetterId letter) {
    String row = "li.letter[data-letter='" + letter + "']";
    browser.open(service.port(), "operations");
    await().until(() -> browser.isShown(row));
    browser.click(row + " .letter-act button");
    browser.click(row + " .letter-question .primary");
    await().untilAsserted(() -> assertThat(browser.text(row)).contains("Published again to"));
    await().until(() -> topics.records(Topics.TILES_SCANNED.name(), "day-refused").size() == 1);
  }

  private static void seeItInTheAudit() {
    await()
        .untilAsserted(
            () -> {
              browser.open(service.port(), "audit");
              await().until(() -> browser.isShown(".page table"));
              assertThat(browser.text("#page"))
                  .contains(LEA, "signed in", "opened a tile", "gave a verdict")
                  .contains("gave a second opinion", "took results out")
                  .contains("published a refused record again", "Grace");
            });
  }

  private static void paint() {
    browser.press("b");
    browser.draw(-200, -150, 200, -150);
  }

  /** Who has a tile, as a colleague sees it. */
  private static String holder(String tileId) {
    return http.json(http.get(Http.alert(tileId, ""), "Cookie", grace()))
        .at("/claim/reviewer")
        .asText();
  }

  private static String grace() {
    return Http.cookie(
        provider.signIn(http, "Grace", "histoflow-reader", "/"), "histoflow_session");
  }
}
