package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.review.support.Browser;
import io.histoflow.review.support.Drawings;
import io.histoflow.review.support.SharedPage;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.Verdict;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tiles that chance drew are read without the model's mask. */
@ExtendWith(SharedPage.class)
class PageReadsBlindIT {
  private final SharedPage.Running page;
  private final Browser browser;
  private final TestTopics topics;

  PageReadsBlindIT(SharedPage.Running page) {
    this.page = page;
    this.browser = page.browser();
    this.topics = page.topics();
  }

  @Test
  void shouldHideTheModelsMaskOfATileThatChanceDrewUntilOneIsDrawn() throws Exception {
    // Given
    drawn("blind-1", "page-blind", 0.9);
    topics.raise(TestAlert.of("blind-2", "page-blind", 0.8));
    browser.openOrgan(page.port(), "page-blind");
    browser.awaitTile("blind-1");
    browser.reviewer("Ada Lovelace");
    String before = browser.text("#change");
    String facts = browser.text("#facts");
    String row = browser.text(".alert");

    // When
    browser.press("b");
    browser.draw(-300, -200, 300, -200);
    String change = browser.text("#change");
    browser.click("#save");

    // Then
    browser.awaitTile("blind-2");
    assertThat(before).contains("mask is hidden");
    assertThat(facts).doesNotContain("Positive", "Entropy");
    assertThat(row).contains("uncertain");
    MaskCorrected verdict = topics.awaitVerdict("blind-1");
    assertThat(verdict.getVerdict()).isEqualTo(Verdict.CORRECTED);
    assertThat(verdict.getBlind()).isTrue();
    Mask mask = mask(verdict);
    assertThat(change).isEqualTo("Changed: +" + mask.positivePixels() + " −0 pixels");
    assertThat(mask.at(32, 4)).as("the middle of the stroke").isTrue();
    assertThat(mask.positivePixels()).isPositive();
    assertThat(Drawings.mask(64, 48).at(32, 24)).as("the model's").isTrue();
    assertThat(mask.at(32, 24)).as("the model's, which nobody saw").isFalse();
    assertThat(browser.text("#change")).isEqualTo("The mask is as the model drew it.");
    assertThat(browser.text("#facts")).contains("Positive", "Entropy");
  }

  @Test
  void shouldTakeItForAnEmptyMaskThatNothingIsThere() throws Exception {
    // Given
    drawn("empty-1", "page-empty", 0.9);
    browser.openOrgan(page.port(), "page-empty");
    browser.awaitTile("empty-1");
    browser.reviewer("Ada Lovelace");
    assertThat(browser.text("#confirm")).startsWith("Nothing there");

    // When
    browser.click("#confirm");

    // Then
    MaskCorrected verdict = topics.awaitVerdict("empty-1");
    assertThat(verdict.getVerdict()).isEqualTo(Verdict.CORRECTED);
    assertThat(verdict.getBlind()).isTrue();
    assertThat(mask(verdict).positivePixels()).isZero();
  }

  private void drawn(String tileId, String organ, double score) {
    TestAlert alert = TestAlert.of(tileId, organ, score);
    ReviewRequested uncertain = topics.raise(alert);
    topics.publish(
        Topics.TILES_REVIEW,
        tileId,
        RecordCopy.with(
            uncertain,
            Map.of("reason", ReviewReason.AUDIT, "audited", true, "inclusionProbability", 0.02)));
  }

  private static Mask mask(MaskCorrected verdict) throws Exception {
    byte[] png = new byte[verdict.getMask().remaining()];
    verdict.getMask().duplicate().get(png);
    return MaskPng.decode(png, ImageLimits.forTiles());
  }
}
