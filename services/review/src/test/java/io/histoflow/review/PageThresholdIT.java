package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.openqa.selenium.interactions.PointerInput.MouseButton.LEFT;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.review.support.Browser;
import io.histoflow.review.support.Drawings;
import io.histoflow.review.support.SharedPage;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.ContractData;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.Topics;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** The strip that grows the model's mask anew. Tiles are 256 x 192 with a disc in their middle. */
@ExtendWith(SharedPage.class)
class PageThresholdIT {
  private static final int WIDTH = 256;
  private static final int HEIGHT = 192;
  private static final int RADIUS = HEIGHT / 4;
  private static final String AS_DRAWN = "The mask is as the model drew it.";

  private final SharedPage.Running page;
  private final Browser browser;
  private final TestTopics topics;

  PageThresholdIT(SharedPage.Running page) {
    this.page = page;
    this.browser = page.browser();
    this.topics = page.topics();
  }

  @Test
  void shouldGrowTheMaskAnewAsOneStepAndSubmitWhatIsSeen() throws Exception {
    // Given
    open("threshold-keys");
    assertThat(browser.text("#threshold-text")).isEqualTo("model");

    // When: three levels more lenient, and one back
    browser.press("2", "2", "2", "3");

    // Then
    Mask grown = disc(RADIUS + 2);
    assertThat(browser.text("#threshold-text")).isEqualTo("from 0.38");
    assertThat(browser.attribute("#threshold", "aria-valuetext"))
        .isEqualTo("a little lenient: from probability 0.38; the model’s own is 0.50");
    assertThat(browser.text("#change")).isEqualTo(added(grown));
    browser.pressWith(List.of(Keys.CONTROL), "z");
    assertThat(browser.text("#change")).isEqualTo(AS_DRAWN);
    assertThat(browser.text("#threshold-text")).isEqualTo("model");
    browser.pressWith(List.of(Keys.CONTROL, Keys.SHIFT), "z");
    assertThat(browser.text("#change")).isEqualTo(added(grown));
    assertThat(saved("threshold-keys").values()).isEqualTo(grown.values());
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldKeepWhatWasDrawnByHandWhileTheStripIsMoved() throws Exception {
    // Given: a stroke in a corner
    open("threshold-hand");
    browser.press("b");
    browser.draw(LEFT, new int[] {-220, -180}, new int[] {-180, -180});
    String stroke = browser.text("#change");

    // When: the strip has the focus, and is moved by its own keys
    browser.script("document.querySelector('#threshold').focus()");
    browser.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);

    // Then
    assertThat(browser.attribute("#threshold", "aria-valuetext")).startsWith("strict: ");
    Mask smaller = disc(RADIUS - 3);
    long removed = disc(RADIUS).positivePixels() - smaller.positivePixels();
    assertThat(browser.text("#change"))
        .isEqualTo(stroke.replace("−0", "−" + "%,d".formatted(removed)));
    Mask saved = saved("threshold-hand");
    assertThat(saved.positivePixels()).isGreaterThan(smaller.positivePixels());
    for (int i = 0; i < saved.values().length; i++) {
      // The stroke lies above the disc.
      if (i / WIDTH > HEIGHT / 2 - RADIUS) {
        assertThat(saved.values()[i]).isEqualTo(smaller.values()[i]);
      }
    }
  }

  @Test
  void shouldSayWhyThereIsNoStrip() {
    // Given: one without probabilities, and one that chance drew
    ReviewRequested bare = requested("threshold-none", 0.9);
    topics.publish(
        Topics.TILES_REVIEW,
        "threshold-none",
        RecordCopy.with(
            bare,
            Map.of(
                "segmentation",
                RecordCopy.with(
                    bare.getSegmentation(), Collections.singletonMap("probabilities", null)))));
    topics.publish(
        Topics.TILES_REVIEW,
        "threshold-blind",
        RecordCopy.with(
            requested("threshold-blind", 0.8),
            Map.of("reason", ReviewReason.AUDIT, "audited", true, "inclusionProbability", 0.02)));

    // When
    browser.openOrgan(page.port(), "page-threshold");
    browser.awaitTile("threshold-none");

    // Then
    await()
        .untilAsserted(
            () -> assertThat(browser.text("#strip-why")).contains("did not come with this tile"));
    assertThat(browser.isShown("#strip")).isFalse();
    browser.press("3");
    assertThat(browser.text("#toast")).contains("did not come with this tile");
    browser.press("j");
    browser.awaitTile("threshold-blind");
    assertThat(browser.isShown("#strip")).isFalse();
    assertThat(browser.text("#strip-why")).contains("without the model’s mask");
    browser.press("2");
    assertThat(browser.text("#toast")).contains("without the model’s mask");
    assertThat(browser.text("#change")).contains("mask is hidden");
    assertThat(
            browser.script(
                """
                return performance.getEntriesByType('resource')
                  .filter(({ name }) => name.endsWith('threshold-blind/probabilities')).length;
                """))
        .isEqualTo(0L);
  }

  private void open(String tileId) {
    String organ = "page-" + tileId;
    topics.raise(new TestAlert(tileId, organ, 0.9, WIDTH, HEIGHT));
    browser.openOrgan(page.port(), organ);
    browser.awaitTile(tileId);
    await().until(() -> browser.isEnabled("#threshold"));
  }

  /** An alert on a tile that lies on its topic. */
  private ReviewRequested requested(String tileId, double score) {
    return topics.raise(new TestAlert(tileId, "page-threshold", score, WIDTH, HEIGHT));
  }

  private static Mask disc(int radius) {
    return Drawings.discs(WIDTH, HEIGHT, new int[] {WIDTH / 2, HEIGHT / 2, radius});
  }

  private static String added(Mask grown) {
    return "Changed: +%,d −0 pixels"
        .formatted(grown.positivePixels() - disc(RADIUS).positivePixels());
  }

  private Mask saved(String tileId) throws Exception {
    browser.reviewer("Ada");
    browser.awaitTile(tileId);
    browser.click("#save");
    return MaskPng.decode(
        ContractData.bytes(topics.awaitVerdict(tileId).getMask()), ImageLimits.forTiles());
  }
}
