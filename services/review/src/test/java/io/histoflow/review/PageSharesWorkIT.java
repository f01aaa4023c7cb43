package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.review.support.Browser;
import io.histoflow.review.support.Http;
import io.histoflow.review.support.SharedPage;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestTopics;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** Several reviewers at once: each has a tile of their own, and sees who has which. */
@ExtendWith(SharedPage.class)
class PageSharesWorkIT {
  private final SharedPage.Running page;
  private final Browser browser;
  private final TestTopics topics;
  private final Http http;
  private String window;

  PageSharesWorkIT(SharedPage.Running page) {
    this.page = page;
    this.browser = page.browser();
    this.topics = page.topics();
    this.http = new Http(page.port());
  }

  @BeforeEach
  void open() {
    window = browser.window();
    browser.open(page.port());
  }

  @AfterEach
  void closeOthers() {
    browser.closeAllBut(window);
  }

  @Test
  void shouldGiveTwoWindowsTilesOfTheirOwn() {
    // Given
    raise("page-two", "two-1", "two-2", "two-3", "two-4");
    browser.reviewer("Ada Lovelace");
    browser.choose("page-two");
    browser.awaitTile("two-1");
    awaitHolder("two-1", "Ada Lovelace");

    // When
    browser.newWindow();
    browser.open(page.port());
    browser.reviewer("Grace Hopper");
    browser.choose("page-two");

    // Then: hers is the next one, and she sees who has the first
    browser.awaitTile("two-2");
    awaitHolder("two-2", "Grace Hopper");
    assertThat(badge("two-1")).isEqualTo("AL");
    assertThat(badge("two-2")).isEmpty();

    // and back there, "next" leaves hers out
    browser.switchTo(window);
    await().untilAsserted(() -> assertThat(badge("two-2")).isEqualTo("GH"));
    browser.press("j");
    browser.awaitTile("two-3");
    awaitHolder("two-3", "Ada Lovelace");
    awaitHolder("two-1", "");
    browser.press("k");
    browser.awaitTile("two-1");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldGoOnToATileThatNobodyHasAfterAVerdict() {
    // Given
    raise("page-after", "after-1", "after-2", "after-3");
    claim("after-2", "Grace Hopper");
    browser.reviewer("Ada");
    browser.choose("page-after");
    browser.awaitTile("after-1");

    // When
    browser.pressWith(List.of(Keys.SHIFT), "c");

    // Then
    browser.awaitTile("after-3");
    topics.awaitVerdict("after-1");
    await().untilAsserted(() -> assertThat(browser.queue()).containsExactly("after-2", "after-3"));
  }

  @Test
  void shouldTakeASecondOpinionOnATileThatIsOpenedOnPurpose() {
    // Given
    raise("page-purpose", "purpose-1", "purpose-2");
    claim("purpose-2", "Grace Hopper");
    browser.reviewer("Ada");
    browser.choose("page-purpose");
    browser.awaitTile("purpose-1");

    // When
    browser.click("[data-tile-id=purpose-2]");

    // Then: nothing is published by accident
    browser.awaitTile("purpose-2");
    assertThat(browser.text("#tile-claim")).isEqualTo("GH");
    assertThat(browser.text("#claimed-text")).startsWith("Grace Hopper has this tile open");
    assertThat(browser.isShown("#decide")).isFalse();
    browser.pressWith(List.of(Keys.SHIFT), "c");
    await().untilAsserted(() -> assertThat(browser.text("#toast")).contains("Grace Hopper has"));
    assertThat(browser.isShown("#verdict-bar")).isFalse();

    // and on purpose it is, beside hers
    browser.click("#second-opinion");
    await().until(() -> !topics.opinions("purpose-2").isEmpty());
    assertThat(topics.opinions("purpose-2").get(0).getReviewer()).isEqualTo("Ada");
    browser.awaitTile("purpose-1");
    assertThat(browser.queue()).containsExactly("purpose-1", "purpose-2");
    assertThat(topics.verdicts("purpose-2")).isEmpty();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldGiveATileToWhoWaitsForItWhenItIsPutAway() {
    // Given
    raise("page-waits", "waits");
    claim("waits", "Grace");
    browser.reviewer("Ada");
    browser.choose("page-waits");
    await()
        .untilAsserted(
            () -> assertThat(browser.text("#message")).contains("Others have every tile open"));
    assertThat(browser.isShown("#panel")).isFalse();

    // When
    release("waits", "Grace");

    // Then
    browser.awaitTile("waits");
    awaitHolder("waits", "Ada");
    assertThat(browser.isShown("#decide")).isTrue();
  }

  @Test
  void shouldLeaveWhatIsDrawnOnToWhoDrewIt() {
    // Given
    raise("page-drawn", "drawn-1", "drawn-2");
    browser.reviewer("Ada");
    browser.choose("page-drawn");
    browser.awaitTile("drawn-1");
    browser.press("b");
    browser.draw(-200, -150, 200, -150);

    // When
    browser.press("j");

    // Then
    browser.awaitTile("drawn-2");
    awaitHolder("drawn-2", "Ada");
    awaitHolder("drawn-1", "Ada");
    browser.press("k", "r");
    browser.awaitTile("drawn-1");
    awaitHolder("drawn-2", "");
  }

  @Test
  void shouldSayThatATileCouldNotBeClaimed() {
    // Given
    raise("page-unclaimed", "claimed-before", "unclaimed");
    browser.reviewer("Ada");
    browser.choose("page-unclaimed");
    browser.awaitTile("claimed-before");
    browser.script(
        "const fetched = window.fetch;"
            + "window.fetch = (url, ...rest) => url.endsWith('/claim')"
            + " ? Promise.resolve(new Response('{\"error\": \"Kafka is away.\"}', {status: 503}))"
            + " : fetched(url, ...rest)");

    // When
    browser.press("j");
    browser.awaitTile("unclaimed");

    // Then
    await()
        .untilAsserted(
            () ->
                assertThat(browser.text("#claim-note"))
                    .isEqualTo("Others do not see that you have this tile open. Kafka is away."));
    assertThat(browser.isEnabled("#confirm")).as("a verdict can be given").isTrue();
  }

  private void raise(String organ, String... tiles) {
    double score = 0.9;
    for (String tile : tiles) {
      topics.raise(TestAlert.of(tile, organ, score));
      score -= 0.1;
    }
    for (String tile : tiles) {
      await().until(() -> http.get(Http.alert(tile, "")).statusCode() == 200);
    }
    // Where nothing else waits, whichever came first has been opened.
    browser.open(page.port());
  }

  private void claim(String tileId, String reviewer) {
    assertThat(http.post(Http.alert(tileId, "/claim"), stated(reviewer)).statusCode())
        .isEqualTo(200);
  }

  private void release(String tileId, String reviewer) {
    assertThat(
            http.send(
                    http.request(Http.alert(tileId, "/claim"), "Content-Type", "application/json")
                        .method("DELETE", BodyPublishers.ofString(stated(reviewer)))
                        .build())
                .statusCode())
        .isEqualTo(204);
  }

  private static String stated(String reviewer) {
    return "{\"reviewer\": \"" + reviewer + "\"}";
  }

  private void awaitHolder(String tileId, String reviewer) {
    await()
        .untilAsserted(
            () ->
                assertThat(http.getJson(Http.alert(tileId, "")).at("/claim/reviewer").asText())
                    .isEqualTo(reviewer));
  }

  /** The initials that a row of the queue shows. */
  private String badge(String tileId) {
    return browser.text("[data-tile-id=" + tileId + "] .claim");
  }
}
