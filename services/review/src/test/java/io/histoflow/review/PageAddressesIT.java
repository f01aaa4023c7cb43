package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.review.support.Browser;
import io.histoflow.review.support.SharedPage;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestModel;
import io.histoflow.review.support.TestRecall;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages beside the review, and what addresses lead to. */
@ExtendWith(SharedPage.class)
class PageAddressesIT {
  /** Columns 514 to 517 and rows 1026 to 1028 of the slide. */
  private final SharedPage.Running page;

  private final Browser browser;
  private final TestTopics topics;

  PageAddressesIT(SharedPage.Running page) {
    this.page = page;
    this.browser = page.browser();
    this.topics = page.topics();
  }

  @Test
  void shouldLeadToATileByItsAddressAndBackAgain() {
    // Given
    topics.raise(TestAlert.of("address/1", "page-address", 0.9));
    topics.raise(TestAlert.of("address/2", "page-address", 0.8));
    browser.openOrgan(page.port(), "page-address");
    browser.awaitTile("address/1");

    // When
    browser.press("j");
    browser.awaitTile("address/2");

    // Then: what came next by itself stands in place of the tile before
    await().until(() -> browser.path().equals("/tile/address%2F2"));
    browser.click(".places a[href='/slides']");
    await().until(() -> browser.isShown(".page h1"));
    assertThat(browser.title()).startsWith("Slides");
    browser.goBack();
    browser.awaitTile("address/2");
    browser.goForward();
    await().until(() -> browser.path().equals("/slides") && browser.isShown(".page h1"));
    browser.open(page.port(), "tile/address%2F1");
    browser.awaitTile("address/1");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldSayWhatBecameOfATileWhoseAddressIsOpenedLate() {
    // Given
    topics.raise(TestAlert.of("late", "page-late", 0.9));
    browser.openOrgan(page.port(), "page-late");
    browser.awaitTile("late");
    topics.publish(Topics.TILES_REVIEW, "late", null);
    await().untilAsserted(() -> assertThat(browser.queue()).doesNotContain("late"));

    // When
    browser.open(page.port(), "tile/late");

    // Then
    await()
        .untilAsserted(
            () ->
                assertThat(browser.text("#message"))
                    .contains("This tile waits for nobody", "Next tile"));
    assertThat(browser.path()).isEqualTo("/tile/late");
  }

  @Test
  void shouldShowASlideByItsTilesAndLeadToThoseThatWait() {
    // Given
    topics.raiseSlide("page-slide");

    // When
    browser.open(page.port(), "slides");
    await().until(() -> browser.isShown("a[href='/slides/slide-of-page-slide']"));
    browser.click("a[href='/slides/slide-of-page-slide']");

    // Then
    await().untilAsserted(() -> assertThat(browser.text(".mosaic .told")).startsWith("2 tiles."));
    assertThat(browser.text(".facts")).contains("3 of 4", "20.0 %", "0.125 mm²", "revision 2");
    assertThat(browser.attribute("a[download]", "href"))
        .isEqualTo("/api/slides/slide-of-page-slide");
    assertThat(browser.isShown(".scale-legend")).isTrue();
    loseTheFirstPictures(2);
    browser.script("document.querySelector('.mosaic input[value=tissue]').click()");
    await()
        .untilAsserted(
            () ->
                assertThat(mosaicShows(231, 180, 206))
                    .as(() -> "the ground: " + browser.text(".mosaic .told"))
                    .isTrue());
    assertThat(mosaicShows(96, 64, 140)).as("the nucleus").isTrue();
    browser.click(".tile-links a");
    browser.awaitTile("page-slide");
    assertThat(browser.path()).isEqualTo("/tile/page-slide");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldTakeASlidesOutlinesOutAndTakeThemBackChanged(@TempDir Path folder) throws IOException {
    // Given
    topics.raiseSlide("page-geojson");
    browser.open(page.port(), "slides/slide-of-page-geojson");
    await().until(() -> browser.isShown(".mosaic"));
    browser.reviewer("Ada");

    // When: a nucleus is drawn beside those of the model
    browser.bringOutlinesBackChanged("slide-of-page-geojson", folder);

    // Then
    await()
        .untilAsserted(
            () -> assertThat(browser.text(".intake-told")).contains("drawn", "tiles corrected"));
    assertThat(topics.awaitVerdict("page-geojson"))
        .satisfies(
            verdict -> {
              assertThat(verdict.getReviewer()).isEqualTo("Ada");
              assertThat(verdict.getVerdict()).isEqualTo(Verdict.CORRECTED);
            });
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldTellHowAModelCameToItsVersion() {
    // Given
    String model = "page-model";
    topics.publish(Topics.DECODER_DECISIONS, model, TestModel.round(model, 1));
    topics.publish(Topics.DECODER_DECISIONS, model, TestModel.round(model, 2));
    topics.publish(Topics.DECODER_CHANGES, model, TestModel.pinned(model, 1));
    topics.publish(Topics.WORKERS_VERSIONS, "w-model", TestModel.worker("w-model", model, 2));

    // When
    browser.open(page.port(), "models");

    // Then
    await()
        .untilAsserted(
            () ->
                assertThat(browser.text("#page"))
                    .contains(model, "pinned by Lea", "while the study runs", "w-model")
                    .contains("Lea pinned version 1", "Version 1 became 2.", "24 corrections")
                    .contains("recall rose by 0.030 at equal precision", "0.860 → 0.890")
                    .contains("recall +0.030 (+0.010 to +0.050)"));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldShowWhatWasRefusedAndHowTilesComeThrough() {
    // Given
    topics.deadLetter("page-letter");

    // When
    browser.open(page.port(), "operations");

    // Then
    await()
        .untilAsserted(
            () -> assertThat(browser.text("#page")).contains("page-letter", "does not say why"));
    assertThat(browser.text(".figures-row"))
        .contains("Tiles a second", "Waiting", "Scan to result");
  }

  @Test
  void shouldTellALeadWhoDidWhat() {
    // Given
    topics.raise(TestAlert.of("acted", "page-acted", 0.9));
    browser.openOrgan(page.port(), "page-acted");
    browser.reviewer("Ada Audited");
    browser.awaitTile("acted");

    // When
    await()
        .untilAsserted(
            () -> {
              browser.open(page.port(), "audit");
              await().until(() -> browser.isShown(".page table"));
              assertThat(browser.text("#page")).contains("Ada Audited", "opened a tile", "acted");
            });
    browser.type("input[type=search]", "nobody of this name");

    // Then
    assertThat(browser.text("#page")).contains("Nobody did anything like this");
  }

  @ParameterizedTest
  @CsvSource({"dark, none, 1366", "light, none, 1366", "dark, active, 1366", "light, none, 390"})
  void shouldHaveNoFaultOfAccessibilityOnAnyPage(String colours, String forced, int width) {
    // Given
    String slide = "page-axe-" + colours + "-" + forced + "-" + width;
    topics.raiseSlide(slide);
    topics.publish(Topics.DECODER_DECISIONS, slide, TestModel.round(slide, 1));
    topics.publish(Topics.DECODER_CHANGES, slide, TestModel.pinned(slide, 1));
    topics.refuse(TestAlert.of(slide + "-torn", slide, 0), new byte[] {1}, "Torn.");
    topics.publish(Topics.RECALL_ESTIMATES, slide, TestRecall.known(slide));
    topics.publish(Topics.RECALL_ESTIMATES, slide + "-young", TestRecall.young(slide + "-young"));
    topics.publish(Topics.RECALL_ALARMS, slide, TestRecall.alarm(slide));
    browser.window(
        width, 768, false, Map.of("prefers-color-scheme", colours, "forced-colors", forced));
    browser.open(page.port(), "tile/" + slide);
    browser.awaitTile(slide);

    // When, then: with the map of the slide the panel is at its fullest
    await().until(() -> !browser.text("#around-text").isEmpty());
    assertThat(browser.accessibilityFaults()).as("a tile").isEmpty();
    for (String path :
        List.of(
            "queue",
            "slides",
            "slides/slide-of-" + slide,
            "models",
            "quality",
            "operations",
            "people",
            "audit")) {
      browser.open(page.port(), path);
      await().until(() -> browser.isShown(path.equals("queue") ? ".alert" : ".page h1"));
      browser.script("document.querySelectorAll('details').forEach((d) => { d.open = true; })");
      assertThat(browser.accessibilityFaults()).as(path).isEmpty();
    }
  }

  @Test
  void shouldShowOnlyWhatTheFiltersLetThrough() {
    // Given: work on one of two tiles
    topics.raise(TestAlert.of("filter-1", "page-filter", 0.9));
    topics.raise(TestAlert.of("filter-2", "page-filter", 0.8));
    browser.openOrgan(page.port(), "page-filter");
    browser.awaitTile("filter-1");
    browser.press("b");
    browser.draw(-40, 0, 40, 0);
    await().untilAsserted(() -> assertThat(browser.text("#change")).startsWith("Changed"));
    browser.click("#filters summary");

    // When, then
    browser.click("#mine-filter");
    await().untilAsserted(() -> assertThat(browser.queue()).containsExactly("filter-1"));
    assertThat(browser.text("#open-count")).isEqualTo("1");
    browser.click("#mine-filter");
    browser.script(
        "const reason = document.querySelector('#reason-filter'); reason.value = 'INK';"
            + "reason.dispatchEvent(new Event('change'));");
    await()
        .untilAsserted(
            () -> assertThat(browser.text("#message")).contains("No open alert is like this"));
    browser.click("#filters-off");
    browser.choose("page-filter");
    await()
        .untilAsserted(() -> assertThat(browser.queue()).containsExactly("filter-1", "filter-2"));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldShowTheListAloneOnAPhoneAndThenTheTile() {
    // Given
    topics.raise(TestAlert.of("phone", "page-phone", 0.99));
    browser.window(390, 844, true, Map.of());

    // When
    browser.open(page.port(), "queue");
    browser.choose("page-phone");

    // Then
    await().untilAsserted(() -> assertThat(browser.queue()).containsExactly("phone"));
    assertThat(browser.isShown("#viewer")).isFalse();
    assertThat(browser.path()).isEqualTo("/queue");
    browser.click("#alerts .alert");
    browser.awaitTile("phone");
    assertThat(browser.isShown("#viewer")).isTrue();
    assertThat(browser.path()).isEqualTo("/tile/phone");
  }

  /** The line fails for so many pictures of the mosaic. */
  private void loseTheFirstPictures(int pictures) {
    browser.script(
        """
        const real = window.fetch;
        let left = arguments[0];
        window.fetch = (path, options) => (/\\/tiles\\/\\d+\\/\\d+$/.test(path) && left-- > 0
          ? Promise.reject(new TypeError('lost')) : real(path, options));
        """,
        pictures);
  }

  /** Tells whether a colour of the tile's picture is on the mosaic, whatever its scale. */
  private boolean mosaicShows(int red, int green, int blue) {
    return (boolean)
        browser.script(
            """
            const canvas = document.querySelector('.mosaic canvas');
            // A copy: the browser complains of a page that reads its own canvas often.
            const copy = new OffscreenCanvas(canvas.width, canvas.height)
              .getContext('2d', { willReadFrequently: true });
            copy.drawImage(canvas, 0, 0);
            const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
            const [red, green, blue] = arguments;
            for (let i = 0; i < data.length; i += 4) {
              if (data[i] === red && data[i + 1] === green && data[i + 2] === blue) return true;
            }
            return false;
            """,
            red,
            green,
            blue);
  }
}
