package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.review.support.Browser;
import io.histoflow.review.support.SharedPage;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.Topics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The queue slide by slide. */
@ExtendWith(SharedPage.class)
class PageBySlideIT {
  private final SharedPage.Running page;
  private final Browser browser;
  private final TestTopics topics;

  PageBySlideIT(SharedPage.Running page) {
    this.page = page;
    this.browser = page.browser();
    this.topics = page.topics();
  }

  @Test
  void shouldPutAlertsOfASlideTogetherKeepTheOpenTileAndRememberThat() {
    // Given
    raise("by-slide-1", "slide-b", 0.9);
    raise("by-slide-2", "slide-a", 0.8);
    raise("by-slide-3", "slide-b", 0.7);
    raise("by-slide-4", "slide-a", 0.6);
    browser.openOrgan(page.port(), "page-by-slide");
    browser.awaitTile("by-slide-1");

    // When
    browser.click("#filters summary");
    browser.click("#by-slide");

    // Then
    await().untilAsserted(() -> assertThat(browser.queue()).containsExactlyElementsOf(bySlide()));
    assertThat(browser.text("#tile-id")).isEqualTo("by-slide-1");
    assertThat(heads()).containsExactly("slide-a", "slide-b");
    assertThat(browser.attribute("#alerts", "aria-label")).contains("slide by slide");

    // When: keys follow the order that is seen
    browser.script("document.activeElement.blur()");
    browser.press("k");
    browser.awaitTile("by-slide-4");
    browser.press("k");
    browser.awaitTile("by-slide-2");

    // Then: what comes stands with its slide
    raise("by-slide-5", "slide-a", 0.5);
    await()
        .untilAsserted(
            () ->
                assertThat(browser.queue())
                    .containsExactly(
                        "by-slide-2", "by-slide-4", "by-slide-5", "by-slide-1", "by-slide-3"));
    browser.reload();
    browser.choose("page-by-slide");
    await().untilAsserted(() -> assertThat(heads()).containsExactly("slide-a", "slide-b"));
    assertThat(browser.queue()).startsWith("by-slide-2", "by-slide-4");
    assertThat(browser.complaints()).isEmpty();
  }

  private static List<String> bySlide() {
    return List.of("by-slide-2", "by-slide-4", "by-slide-1", "by-slide-3");
  }

  private List<String> heads() {
    return ((List<?>)
            browser.script(
                """
                return [...document.querySelectorAll('#alerts .of-slide:not([hidden])')]
                  .map(({ textContent }) => textContent);
                """))
        .stream().map(String.class::cast).toList();
  }

  private void raise(String tileId, String slideId, double score) {
    ReviewRequested request = topics.raise(TestAlert.of(tileId, "page-by-slide", score));
    topics.publish(
        Topics.TILES_REVIEW,
        tileId,
        RecordCopy.with(
            request,
            Map.of(
                "segmentation",
                RecordCopy.with(request.getSegmentation(), Map.of("slideId", slideId)))));
  }
}
