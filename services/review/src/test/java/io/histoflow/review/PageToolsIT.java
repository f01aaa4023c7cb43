package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.openqa.selenium.interactions.PointerInput.MouseButton.LEFT;
import static org.openqa.selenium.interactions.PointerInput.MouseButton.RIGHT;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.review.support.Browser;
import io.histoflow.review.support.Drawings;
import io.histoflow.review.support.Http;
import io.histoflow.review.support.SharedPage;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.ContractData;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.UnusableReason;
import io.histoflow.schemas.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/**
 * The tools of the page by mouse and by keys. Tiles are 256 x 192 pixels; two nuclei lie left and
 * right of the middle, and one with a hole below.
 */
@ExtendWith(SharedPage.class)
class PageToolsIT {
  private static final int WIDTH = 256;
  private static final int HEIGHT = 192;
  private static final int[] LEFT_ONE = {100, 60, 16};
  private static final int[] RIGHT_ONE = {148, 60, 16};
  private static final int[] WITH_HOLE = {128, 140, 24};
  private static final int[] HOLE = {128, 140, -10};
  private static final String AS_DRAWN = "The mask is as the model drew it.";

  private final SharedPage.Running page;
  private final Browser browser;
  private final TestTopics topics;

  PageToolsIT(SharedPage.Running page) {
    this.page = page;
    this.browser = page.browser();
    this.topics = page.topics();
  }

  @Test
  void shouldFillWhatALassoWentAroundAndTakeItBackAsOneStep() throws Exception {
    // Given
    open("lasso");
    browser.press("l");

    // When
    browser.draw(LEFT, at(20, 100), at(60, 100), at(60, 140), at(20, 140));
    String change = browser.text("#change");

    // Then
    assertThat(change).startsWith("Changed: +");
    browser.pressWith(List.of(Keys.CONTROL), "z");
    assertThat(browser.text("#change")).isEqualTo(AS_DRAWN);
    browser.pressWith(List.of(Keys.CONTROL, Keys.SHIFT), "z");
    assertThat(browser.text("#change")).isEqualTo(change);
    Mask saved = saved("lasso");
    assertThat(saved.at(40, 120)).as("within").isTrue();
    assertThat(saved.at(70, 120)).as("beside").isFalse();
    assertThat(saved.at(LEFT_ONE[0], LEFT_ONE[1])).as("what was there").isTrue();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldFillAPolygonThatIsClosedAtItsFirstCornerAndTakeItBackCornerByCorner()
      throws Exception {
    // Given
    open("polygon");
    browser.press("p");

    // When: a corner is set wrongly, and taken back
    for (int[] corner : List.of(at(20, 100), at(60, 100), at(200, 180))) {
      browser.draw(LEFT, corner);
    }
    browser.pressWith(List.of(Keys.CONTROL), "z");
    browser.reviewer("Ada");
    browser.pressWith(List.of(Keys.SHIFT), "c");
    String told = browser.text("#toast");
    for (int[] corner : List.of(at(60, 140), at(20, 140), at(20, 100))) {
      browser.draw(LEFT, corner);
    }

    // Then
    assertThat(told).contains("Finish what you are drawing");
    Mask saved = saved("polygon");
    assertThat(saved.at(40, 120)).isTrue();
    assertThat(saved.at(55, 135)).isTrue();
    assertThat(saved.at(80, 130)).isFalse();
  }

  @Test
  void shouldEraseWithTheRightButtonAndWhileTheEraserIsHeld() {
    // Given
    open("held");
    browser.press("l");

    // When: the lasso goes around a nucleus with the right button
    browser.draw(RIGHT, around(LEFT_ONE));

    // Then
    int nucleus = pixels(LEFT_ONE);
    assertThat(browser.text("#change")).isEqualTo("Changed: +0 −" + nucleus + " pixels");

    // When: and around another with the eraser's key
    browser.hold("e");
    browser.draw(LEFT, around(RIGHT_ONE));
    browser.letGo("e");

    // Then: both are gone, and the lasso is still the tool
    assertThat(browser.text("#change")).isEqualTo("Changed: +0 −%,d pixels".formatted(2 * nucleus));
    assertThat(browser.attribute("[data-tool=lasso]", "aria-pressed")).isEqualTo("true");
    browser.press("e");
    assertThat(browser.attribute("[data-tool=erase]", "aria-pressed")).isEqualTo("true");
  }

  @Test
  void shouldTakeOutTheNucleusThatIsPointedAtAndSeveralAtOnce() {
    // Given
    open("remove");
    int nucleus = pixels(LEFT_ONE);

    // When, then
    browser.press("b");
    point(LEFT_ONE);
    browser.press(Keys.DELETE);
    assertThat(browser.text("#change")).isEqualTo("Changed: +0 −" + nucleus + " pixels");
    browser.pressWith(List.of(Keys.CONTROL), "z");
    browser.press("x");
    browser.draw(LEFT, at(LEFT_ONE[0], LEFT_ONE[1]), at(RIGHT_ONE[0], RIGHT_ONE[1]));
    assertThat(browser.text("#change")).isEqualTo("Changed: +0 −%,d pixels".formatted(2 * nucleus));
    browser.pressWith(List.of(Keys.CONTROL), "z");
    assertThat(browser.text("#change")).isEqualTo(AS_DRAWN);
    browser.pointAt(at(10, 10)[0], at(10, 10)[1]);
    browser.press(Keys.DELETE);
    assertThat(browser.text("#toast")).contains("Point at a nucleus");
  }

  @Test
  void shouldFillHolesAndGrowAndShrinkOneNucleusOrAll() {
    // Given
    open("holes");
    browser.press("b");

    // When, then
    point(LEFT_ONE);
    browser.press("f");
    assertThat(browser.text("#toast")).contains("no hole");
    point(WITH_HOLE);
    browser.press("f");
    assertThat(browser.text("#change")).isEqualTo("Changed: +" + pixels(HOLE) + " −0 pixels");
    browser.pressWith(List.of(Keys.CONTROL), "z");
    browser.click("[data-all=fillHoles]");
    assertThat(browser.text("#change")).isEqualTo("Changed: +" + pixels(HOLE) + " −0 pixels");
    browser.press("r");
    point(LEFT_ONE);
    browser.press(".");
    long one = added();
    assertThat(one).isBetween(80L, 120L);
    browser.click("[data-all=grow]");
    assertThat(added()).isGreaterThan(4 * one);
    browser.press("r");
    point(LEFT_ONE);
    browser.press(",");
    assertThat(browser.text("#change")).matches("Changed: \\+0 −(8|9|10)\\d? pixels");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldNotPaintOntoANeighbourWhereNucleiAreKeptApart() throws Exception {
    // Given
    open("apart");
    browser.press("b", "n");
    assertThat(browser.attribute("#apart", "aria-pressed")).isEqualTo("true");

    // When: a stroke goes from one nucleus into the other
    browser.draw(LEFT, at(LEFT_ONE[0], LEFT_ONE[1]), at(RIGHT_ONE[0], RIGHT_ONE[1]));

    // Then
    Mask saved = saved("apart");
    assertThat(saved.at(122, 60)).as("the way there").isTrue();
    for (int y = 0; y < 100; y++) {
      assertThat(isGap(saved, y)).as("row %d has a gap", y).isTrue();
    }
  }

  @Test
  void shouldSizeTheBrushInPixelsOfTheScreenAndRememberThat() {
    // Given
    open("sized");
    browser.press("b");
    point(LEFT_ONE);

    // When
    browser.press("t", "d");

    // Then
    assertThat(browser.text("#brush-size-text")).isEqualTo("17 px");
    assertThat(browser.text("#brush-unit")).isEqualTo("of the screen");
    browser.draw(LEFT, at(128, 96));
    long far = added();
    browser.press("r");
    browser.press("+", "+", "+", "+");
    browser.draw(LEFT, at(128, 96));
    assertThat(added()).as("closer by, less of the tissue").isLessThan(far);
    browser.press("r");
    browser.reload();
    browser.choose("page-sized");
    browser.awaitTile("sized");
    assertThat(browser.text("#brush-size-text")).isEqualTo("17 px");
    assertThat(browser.text("#brush-unit")).isEqualTo("of the screen");
  }

  @Test
  void shouldShowTheModelsMaskBesideTheReviewers() {
    // Given
    open("beside");
    browser.press("o", "o", "x");
    browser.draw(LEFT, at(LEFT_ONE[0], LEFT_ONE[1]), at(RIGHT_ONE[0], RIGHT_ONE[1]));
    long removed = pink();

    // When
    browser.press("v");

    // Then: left of the divider the model's mask is as it was
    await().untilAsserted(() -> assertThat(pink()).isBetween(removed / 3, 2 * removed / 3));
    assertThat(browser.isShown("#divider")).isTrue();
    browser.script("document.querySelector('#divider').focus()");
    String before = browser.attribute("#divider", "aria-valuenow");
    browser.press(Keys.ARROW_LEFT, Keys.ARROW_LEFT);
    assertThat(browser.attribute("#divider", "aria-valuenow"))
        .isEqualTo(String.valueOf(Integer.parseInt(before) - 4));

    // When
    browser.press("v");

    // Then: the tile stands there twice
    await().untilAsserted(() -> assertThat(pink()).isPositive().isLessThan(removed / 2));
    assertThat(browser.isShown("#divider")).isFalse();
    browser.press("v");
    await().untilAsserted(() -> assertThat(pink()).isBetween(removed - 9, removed + 9));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldLetAWholeReviewBeDoneWithoutAMouse() throws Exception {
    // Given
    raise("keys-1", "page-keys", 0.9);
    raise("keys-2", "page-keys", 0.8);
    browser.openOrgan(page.port(), "page-keys");
    browser.awaitTile("keys-1");
    browser.reviewer("Ada");
    browser.awaitTile("keys-1");

    // When: a stroke of 40 pixels from the first nucleus on
    browser.press("b", "g", Keys.ENTER);
    browser.pressWith(List.of(Keys.SHIFT), Keys.ARROW_RIGHT.toString().repeat(40));
    browser.press(Keys.ENTER);
    String change = browser.text("#change");
    browser.press("c", "one more", Keys.ESCAPE);
    browser.pressWith(List.of(Keys.SHIFT), "s");
    browser.awaitTile("keys-2");
    browser.pressWith(List.of(Keys.SHIFT), "x");
    await().until(() -> browser.isShown("#reasons"));
    browser.press("1");

    // Then
    await().untilAsserted(() -> assertThat(browser.queue()).isEmpty());
    assertThat(change).startsWith("Changed: +");
    MaskCorrected corrected = topics.awaitVerdict("keys-1");
    assertThat(corrected.getComment()).isEqualTo("one more");
    assertThat(mask(corrected).at(100 + 38, 44)).as("the end of the stroke").isTrue();
    assertThat(topics.awaitVerdict("keys-2").getUnusableReason()).isEqualTo(UnusableReason.BLUR);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldSayWhyATileCannotBeJudged() {
    // Given
    open("cannot");
    browser.reviewer("Ada");
    browser.awaitTile("cannot");
    browser.press("x");
    browser.draw(LEFT, at(LEFT_ONE[0], LEFT_ONE[1]));

    // When: it is thought better of once
    browser.click("#unusable");
    assertThat(browser.text("#reasons")).contains("Your changes to the mask are left out");
    browser.press(Keys.ESCAPE);
    assertThat(browser.isShown("#verdict-bar")).isFalse();
    browser.click("#unusable");
    browser.click("#reasons [value=FOLD]");

    // Then
    MaskCorrected verdict = topics.awaitVerdict("cannot");
    assertThat(verdict.getVerdict()).isEqualTo(Verdict.UNUSABLE);
    assertThat(verdict.getUnusableReason()).isEqualTo(UnusableReason.FOLD);
    await()
        .untilAsserted(
            () ->
                assertThat(
                        new String(
                            new Http(page.port()).get("/api/closed/cannot").body(),
                            StandardCharsets.UTF_8))
                    .contains("\"unusableReason\":\"FOLD\""));
  }

  @Test
  void shouldLetKeysBeChangedAndKeepThem() {
    // Given
    open("changed-keys");
    browser.press("?");

    // When: the brush gets the lasso's key
    browser.click("[data-key-of=brush]");
    browser.press("l");

    // Then
    assertThat(browser.text("#keys-told")).contains("has the key L now", "before");
    assertThat(browser.text("[data-key-of=lasso]")).isEqualTo("none");
    browser.press(Keys.ESCAPE);
    browser.reload();
    browser.choose("page-changed-keys");
    browser.awaitTile("changed-keys");
    browser.press("l");
    assertThat(browser.attribute("[data-tool=brush]", "aria-pressed")).isEqualTo("true");
    assertThat(browser.attribute("[data-tool=brush]", "title")).endsWith("(L)");
    browser.press("?");
    browser.click("#keys-reset");
    browser.press(Keys.ESCAPE);
    browser.press("l");
    assertThat(browser.attribute("[data-tool=lasso]", "aria-pressed")).isEqualTo("true");
  }

  @Test
  void shouldComeToTheNextTileAtTheSameMagnification() {
    // Given
    raise("zoomed-1", "page-zoomed", 0.9);
    topics.raise(new TestAlert("zoomed-2", "page-zoomed", 0.8, 300, 100));
    browser.openOrgan(page.port(), "page-zoomed");
    browser.awaitTile("zoomed-1");

    // When
    browser.press("1", "+", "+", "+", "j");
    browser.awaitTile("zoomed-2");

    // Then
    assertThat(browser.text("#readout-zoom")).isEqualTo("195 %");
    assertThat(browser.text("#scale")).contains("µm");
    browser.press("0", "k");
    browser.awaitTile("zoomed-1");
    assertThat(zoom()).as("fitted, as the one before was").isGreaterThan(2.2);
  }

  @Test
  void shouldDrawNothingOfTheTileAnewWhileThePointerMoves() {
    // Given
    open("still");
    browser.press("b");
    point(LEFT_ONE);
    browser.script(
        """
        window.drawn = 0;
        const draw = CanvasRenderingContext2D.prototype.drawImage;
        CanvasRenderingContext2D.prototype.drawImage = function (...all) {
          window.drawn++;
          return draw.apply(this, all);
        };
        """);

    // When
    point(RIGHT_ONE);
    point(WITH_HOLE);

    // Then
    await().until(() -> browser.text("#readout-position").matches("12\\d, 1[34]\\d"));
    assertThat(browser.script("return window.drawn")).isEqualTo(0L);
  }

  private void open(String tileId) {
    String organ = "page-" + tileId;
    raise(tileId, organ, 0.9);
    browser.openOrgan(page.port(), organ);
    browser.awaitTile(tileId);
  }

  private void raise(String tileId, String organ, double score) {
    TestAlert alert = new TestAlert(tileId, organ, score, WIDTH, HEIGHT);
    TileLocation tile = topics.scan(alert, 0, ImageFormat.PNG, Drawings.imagePng(WIDTH, HEIGHT));
    Mask nuclei = Drawings.discs(WIDTH, HEIGHT, LEFT_ONE, RIGHT_ONE, WITH_HOLE, HOLE);
    topics.publish(
        Topics.TILES_REVIEW,
        tileId,
        alert.requested(tile, MaskPng.encode(nuclei), Drawings.entropyPng(WIDTH, HEIGHT)));
  }

  private static int pixels(int[] disc) {
    int[] filled = {disc[0], disc[1], Math.abs(disc[2])};
    return (int) Drawings.discs(WIDTH, HEIGHT, filled).positivePixels();
  }

  private void point(int[] disc) {
    int[] place = at(disc[0], disc[1]);
    browser.pointAt(place[0], place[1]);
  }

  private int[][] around(int[] disc) {
    int reach = Math.abs(disc[2]) + 5;
    return new int[][] {
      at(disc[0] - reach, disc[1] - reach),
      at(disc[0] + reach, disc[1] - reach),
      at(disc[0] + reach, disc[1] + reach),
      at(disc[0] - reach, disc[1] + reach)
    };
  }

  /** A place of the tile in screen pixels from the canvas's middle, to within a pixel of it. */
  private int[] at(int x, int y) {
    browser.pointAt(0, 0);
    String[] middle = browser.text("#readout-position").split(", ", -1);
    double zoom = zoom();
    return new int[] {
      (int) Math.round((x - Integer.parseInt(middle[0]) - 0.5) * zoom),
      (int) Math.round((y - Integer.parseInt(middle[1]) - 0.5) * zoom)
    };
  }

  private double zoom() {
    return Integer.parseInt(browser.text("#readout-zoom").replace(" %", "")) / 100.0;
  }

  private long added() {
    return Long.parseLong(
        browser.text("#change").replaceAll("Changed: \\+([\\d,]+) .*", "$1").replace(",", ""));
  }

  /** Pixels of the canvas in the colour of what the reviewer took away. */
  private long pink() {
    return (long)
        browser.script(
            """
            const canvas = document.querySelector('#canvas');
            const copy = new OffscreenCanvas(canvas.width, canvas.height)
              .getContext('2d', { willReadFrequently: true });
            copy.drawImage(canvas, 0, 0);
            const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
            let count = 0;
            for (let i = 0; i < data.length; i += 4) {
              if (data[i] > 180 && data[i + 1] < 130 && data[i + 2] > 130) count++;
            }
            return count;
            """);
  }

  private Mask saved(String tileId) throws ImageRejectedException {
    browser.reviewer("Ada");
    browser.awaitTile(tileId);
    browser.click("#save");
    return mask(topics.awaitVerdict(tileId));
  }

  private static Mask mask(MaskCorrected verdict) throws ImageRejectedException {
    return MaskPng.decode(ContractData.bytes(verdict.getMask()), ImageLimits.forTiles());
  }

  /** Whether a row has a free pixel between the two nuclei. */
  private static boolean isGap(Mask mask, int row) {
    for (int x = 122; x < 140; x++) {
      if (!mask.at(x, row)) {
        return true;
      }
    }
    return false;
  }
}
