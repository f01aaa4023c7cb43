package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.review.support.Browser;
import io.histoflow.review.support.SharedPage;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestTopics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** Every way in: fingers, keyboards, small windows, and colours of the system. */
@ExtendWith(SharedPage.class)
class PageInputIT {
  private final SharedPage.Running page;
  private final Browser browser;
  private final TestTopics topics;

  PageInputIT(SharedPage.Running page) {
    this.page = page;
    this.browser = page.browser();
    this.topics = page.topics();
  }

  private static final String CONTRAST =
      """
      const channel = (c) => (c /= 255, c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
      const luminance = (colour) => {
        const [r, g, b] = colour.match(/[\\d.]+/g).map(Number);
        return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
      };
      const style = getComputedStyle(document.querySelector(arguments[0]));
      const [low, high] =
        [luminance(style.color), luminance(style.backgroundColor)].sort((a, b) => a - b);
      return (high + 0.05) / (low + 0.05);
      """;

  @Test
  void shouldZoomWithTwoFingersAndDrawWithOne() {
    // Given
    open("touch", "page-touch");
    browser.window(834, 1112, true, Map.of());
    browser.press("b");
    int before = zoom();

    // When
    browser.touch(
        List.of(
            new int[][] {{-40, 0}},
            new int[][] {{-40, 0}, {40, 0}},
            new int[][] {{-80, 0}, {80, 0}},
            new int[][] {{-120, 0}, {120, 0}}));

    // Then
    assertThat(browser.text("#change")).isEqualTo("The mask is as the model drew it.");
    await().untilAsserted(() -> assertThat(zoom()).isBetween(before * 5 / 2, before * 7 / 2));
    assertThat(browser.isEnabled("#undo")).isFalse();
    browser.press("0");
    browser.touch(
        List.of(new int[][] {{-150, -100}}, new int[][] {{0, -100}}, new int[][] {{150, -100}}));
    assertThat(browser.text("#change")).startsWith("Changed: +");
    assertThat(browser.complaints()).isEmpty();
  }

  /** The width of a tile that was 294, 0 and 100 pixels. */
  @ParameterizedTest
  @CsvSource({"1280, 800, 600", "834, 1112, 600", "390, 844, 330", "640, 400, 250"})
  void shouldGiveTheTileTheRoomThereIs(int width, int height, int atLeast) {
    // Given
    topics.raise(new TestAlert("room", "page-room", 0.9, 256, 256));
    browser.openOrgan(page.port(), "page-room");
    browser.awaitTile("room");

    // When
    browser.window(width, height);

    // Then
    await().untilAsserted(() -> assertThat(256 * zoom() / 100).isGreaterThanOrEqualTo(atLeast));
    assertThat(browser.script("return document.documentElement.scrollWidth"))
        .isEqualTo((long) width);
    assertThat(browser.isShown("#confirm")).isTrue();
  }

  @Test
  void shouldLayNoToolOverAFittedTile() {
    // Given
    topics.raise(new TestAlert("covered", "page-covered", 0.9, 256, 256));
    browser.openOrgan(page.port(), "page-covered");
    browser.awaitTile("covered");
    browser.press("m");

    // When
    browser.window(1280, 800);

    // Then
    await()
        .untilAsserted(
            () ->
                assertThat(
                        browser.script(
                            """
                            const canvas = document.querySelector('#canvas');
                            const at = canvas.getBoundingClientRect();
                            return ['#toolbar', '#readout'].reduce((sum, id) => {
                              const box = document.querySelector(id).getBoundingClientRect();
                              const { data } = canvas.getContext('2d').getImageData(
                                box.x - at.x, box.y - at.y, box.width, box.height);
                              // The tile is pink and violet, the ground grey.
                              return sum + data.filter((v, i) => i % 4 === 0 && v !== data[i + 1]).length;
                            }, 0)
                            """))
                    .isEqualTo(0L));
  }

  @Test
  void shouldLeaveTheNameWithEnterSoThatKeysAreShortcutsAgain() {
    // Given
    open("enter", "page-enter");

    // When
    browser.click("#reviewer");
    browser.press("A", "d", "a", Keys.ENTER);
    browser.pressWith(List.of(Keys.SHIFT), "c");

    // Then
    await().until(() -> browser.isShown("#verdict-bar"));
    assertThat(browser.script("return document.querySelector('#reviewer').value")).isEqualTo("Ada");
    assertThat(topics.awaitVerdict("enter").getReviewer()).isEqualTo("Ada");
  }

  /** German and French keyboards write brackets with AltGr; French ones write digits with Shift. */
  @ParameterizedTest
  @CsvSource({
    "']', Digit9, true, false, 17 px",
    "'[', Digit8, true, false, 12 px",
    "']', Minus, true, true, 17 px",
    "'[', Digit5, true, true, 12 px",
    "'d', KeyD, false, false, 17 px",
    "'в', KeyD, false, false, 17 px",
  })
  void shouldUnderstandOtherKeyboards(
      String key, String code, boolean altGraph, boolean asCtrlAlt, String size) {
    // Given
    String id = "page-" + (key + code + altGraph + asCtrlAlt).toLowerCase(Locale.ROOT);
    open(id, id);

    // When
    browser.script(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, key:"
            + " arguments[0], code: arguments[1], modifierAltGraph: arguments[2], ctrlKey:"
            + " arguments[3], altKey: arguments[3]}))",
        key,
        code,
        altGraph,
        asCtrlAlt);

    // Then
    assertThat(browser.text("#brush-size-text")).isEqualTo(size);
  }

  @Test
  void shouldSayWhyAVerdictCannotBeGiven() {
    // Given
    open("why", "page-why");
    browser.reviewer("Ada");
    browser.awaitTile("why");

    // When, then
    browser.pressWith(List.of(Keys.SHIFT), "s");
    assertThat(browser.text("#toast")).contains("as the model drew it");
    browser.press("b");
    browser.draw(-200, -150, 200, -150);
    browser.pressWith(List.of(Keys.SHIFT), "c");
    assertThat(browser.text("#toast")).contains("You have changed the mask");
    assertThat(browser.isShown("#verdict-bar")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dark", "light"})
  void shouldShowWhatIsPressedUnderThePointer(String colours) {
    // Given
    open("pressed-" + colours, "page-pressed-" + colours);
    browser.window(1280, 800, false, Map.of("prefers-color-scheme", colours));
    browser.press("b");

    // When, then
    for (String control :
        List.of(
            "[data-tool=brush]",
            "[data-tool=erase]",
            "#fit",
            "#actual",
            "#confirm",
            "#unusable",
            "#open-help")) {
      browser.pointAt(control);
      assertThat((double) browser.script(CONTRAST, control)).as(control).isGreaterThan(4.5);
    }
    assertThat((double) browser.script(CONTRAST, ".segmented label:has(:checked)"))
        .isGreaterThan(4.5);
  }

  @Test
  void shouldTellByShapeWhatColoursToldWhereTheSystemChoosesThem() {
    // Given
    topics.raise(TestAlert.of("forced-1", "page-forced", 0.9));
    topics.raise(TestAlert.of("forced-2", "page-forced", 0.4));
    browser.openOrgan(page.port(), "page-forced");
    browser.awaitTile("forced-1");

    // When
    browser.window(1280, 800, false, Map.of("forced-colors", "active"));

    // Then
    assertThat(style(".alert[aria-selected=true]", "outlineStyle")).isEqualTo("solid");
    assertThat(style(".alert[aria-selected=false]", "outlineStyle")).isEqualTo("none");
    assertThat(style(".segmented label:has(:checked)", "backgroundColor"))
        .isNotEqualTo(style(".segmented label:has(:not(:checked))", "backgroundColor"));
    assertThat(style(".alert .bar i", "backgroundColor"))
        .isNotEqualTo(style(".alert", "backgroundColor"));
    assertThat(style("#gauge i", "backgroundColor"))
        .isNotEqualTo(style("#panel", "backgroundColor"));
    assertThat(style("#gauge b", "backgroundColor"))
        .isNotEqualTo(style("#gauge i", "backgroundColor"));
  }

  @Test
  void shouldKeepTheFocusRingInsideTheListAndChipsInOnePiece() {
    // Given
    open("ring", "page-ring");

    // When
    browser.script("document.querySelector('#alerts').focus({focusVisible: true})");

    // Then
    assertThat(style("#alerts", "outlineOffset")).isEqualTo("-2px");
    assertThat(
            browser.script(
                "const chip = document.body.appendChild(document.createElement('span'));"
                    + "chip.className = 'chip'; const wraps = getComputedStyle(chip).whiteSpace;"
                    + "chip.remove(); return wraps"))
        .isEqualTo("nowrap");
  }

  @Test
  void shouldSayScoresInWordsAndSmallOnesWithTheirDigits() {
    // When
    Object sentence =
        browser.script(
            """
            return import('/format.js').then(({ reasonSentence }) => reasonSentence({
              reason: 'UNCERTAIN', scoreName: 'stained-misses', score: 0.00042, threshold: 0.00031,
            }))
            """);

    // Then
    assertThat(sentence)
        .isEqualTo("Signs of missed nuclei 0.00042; tiles of this organ come to you from 0.00031");
  }

  private void open(String tileId, String organ) {
    topics.raise(TestAlert.of(tileId, organ, 0.9));
    browser.openOrgan(page.port(), organ);
    browser.awaitTile(tileId);
  }

  private int zoom() {
    return Integer.parseInt(browser.text("#readout-zoom").replace(" %", ""));
  }

  private Object style(String selector, String property) {
    return browser.script(
        "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]",
        selector,
        property);
  }
}
