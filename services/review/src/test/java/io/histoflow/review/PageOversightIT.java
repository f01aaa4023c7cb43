package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.letters.LetterId;
import io.histoflow.review.support.Browser;
import io.histoflow.review.support.Drawings;
import io.histoflow.review.support.SharedPage;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestRecall;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a lead looks after: what was refused, what is missed, and who does how much. */
@ExtendWith(SharedPage.class)
class PageOversightIT {
  private final SharedPage.Running page;
  private final Browser browser;
  private final TestTopics topics;

  PageOversightIT(SharedPage.Running page) {
    this.page = page;
    this.browser = page.browser();
    this.topics = page.topics();
  }

  @Test
  void shouldShowTheTileThatWasRefusedAndPublishItAgain() {
    // Given
    String tile = "page-refused";
    LetterId letter =
        topics.refuse(
            TestAlert.of(tile, "page-oversight", 0),
            Drawings.imagePng(64, 48),
            "There was no memory left for the tile.");
    String row = "li.letter[data-letter='" + letter + "']";

    // When
    browser.open(page.port(), "operations");
    browser.reviewer("Lea Lead");
    await().until(() -> browser.isShown(row));
    browser.script("document.querySelector(arguments[0]).scrollIntoView()", row);

    // Then
    await().until(() -> browser.isShown(row + " canvas"));
    assertThat(browser.text(row))
        .contains("There was no memory left", "A scanned tile", "3@41", "inference", tile);

    // When: it is thought over, and then meant
    browser.click(row + " .letter-act button");
    assertThat(browser.text(row)).contains("Publish it to", "what made it fail must be gone");
    browser.click(row + " .letter-question button:not(.primary)");
    assertThat(topics.records(Topics.TILES_SCANNED.name(), tile)).isEmpty();
    browser.click(row + " .letter-act button");
    browser.click(row + " .letter-question .primary");

    // Then
    await().untilAsserted(() -> assertThat(browser.text(row)).contains("Published again to"));
    assertThat(browser.text(row)).contains("published again", "Publish once more");
    await().until(() -> topics.records(Topics.TILES_SCANNED.name(), tile).size() == 1);
    await()
        .untilAsserted(
            () -> {
              browser.open(page.port(), "audit");
              await().until(() -> browser.isShown(".page table"));
              assertThat(browser.text("#page"))
                  .contains("Lea Lead", "published a refused record again", "letter " + letter);
            });
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldSayWhyALetterStays() {
    // Given
    LetterId letter =
        topics.refuse(Topics.SLIDES_REPORTED.name(), "page-stays", new byte[] {1}, "No magic.");
    String row = "li.letter[data-letter='" + letter + "']";

    // When
    browser.open(page.port(), "operations");

    // Then
    await().until(() -> browser.isShown(row));
    await()
        .untilAsserted(
            () -> assertThat(browser.text(row)).contains("keeps the latest record of a key"));
    assertThat(browser.count(row + " button")).isZero();
  }

  @Test
  void shouldShowWhatIsMissedAndSayWhereNothingIsKnownYet() {
    // Given
    topics.publish(Topics.RECALL_ESTIMATES, "page-known", TestRecall.known("page-known"));
    topics.publish(Topics.RECALL_ESTIMATES, "page-young", TestRecall.young("page-young"));
    topics.publish(Topics.RECALL_ESTIMATES, "page-alarm", TestRecall.alarmed("page-alarm"));
    topics.publish(Topics.RECALL_ALARMS, "page-alarm", TestRecall.alarm("page-alarm"));

    // When
    browser.open(page.port(), "quality");

    // Then
    await()
        .untilAsserted(
            () ->
                assertThat(browser.text("#page"))
                    .contains("page-known", "0.930", "0.965", "412 of 421", "page-young")
                    .contains("not enough audited yet: 14 tiles, about 132 days at this rate")
                    .contains("misses more than promised", "the promised 0.92")
                    .contains("they agree with kappa 0.400", "page-known on S360, version 3")
                    .contains("0.910 by the second readers, on 41 tiles")
                    .contains("page-alarm on S360, version 3: more is missed than promised")
                    .contains("20.0 % of what is positive was missed", "8 % are promised"));
    assertThat(browser.count(".interval-plot .interval-promised")).isGreaterThan(1);
    assertThat(browser.text("tbody tr:last-child")).startsWith("all");
    assertThat(browser.attribute(".places a[aria-current]", "href")).isEqualTo("/quality");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldTellALeadHowMuchEachPersonDidByName() {
    // Given
    topics.raise(TestAlert.of("counted", "page-people", 0.9));
    browser.openOrgan(page.port(), "page-people");
    browser.reviewer("Ada Counted");
    browser.awaitTile("counted");
    await().until(() -> browser.isEnabled("#confirm"));
    browser.click("#confirm");
    topics.awaitVerdict("counted");

    // When
    browser.open(page.port(), "people");
    await().until(() -> browser.isShown("input[type=search]"));
    browser.type("input[type=search]", "page-people");

    // Then
    await()
        .untilAsserted(
            () -> assertThat(browser.text("#page")).contains("Ada Counted", "page-people"));
    assertThat(browser.text("#page")).contains("1 person, by name", "acts that are still kept");
    assertThat(browser.complaints()).isEmpty();
  }
}
