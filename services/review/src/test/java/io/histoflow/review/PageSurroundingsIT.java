package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.ImageDecoder;
import io.histoflow.review.support.Browser;
import io.histoflow.review.support.Drawings;
import io.histoflow.review.support.Http;
import io.histoflow.review.support.SharedPage;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestModel;
import io.histoflow.review.support.TestTopics;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the page and the API show of the slide around a tile. Test alerts lie at 512, 1024. */
@ExtendWith(SharedPage.class)
class PageSurroundingsIT {
  private static final int X = 512;
  private static final int Y = 1_024;
  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;

  private final Browser browser;
  private final TestTopics topics;
  private final int port;

  PageSurroundingsIT(SharedPage.Running page) {
    this.browser = page.browser();
    this.topics = page.topics();
    this.port = page.port();
  }

  @Test
  void shouldShowNeighboursAroundTheTileAndWhereItLiesOnItsSlide() {
    // Given: neighbours on the right and below, a tile far away, and tiles that are none of these
    topics.publish(Topics.SLIDES_SCANNED, "slide-of-page-around", manifest("slide-of-page-around"));
    topics.raise(TestAlert.of("around", "page-around", 0.9));
    segmented("around", "page-around", X, Y, null);
    segmented("around-right", "page-around", X + WIDTH, Y, null);
    segmented("around-below", "page-around", X, Y + HEIGHT, null);
    segmented("around-far", "page-around", 9_000, 5_000, null);
    segmented("around-other-scan", "page-around", X - WIDTH, Y, "other scan");
    segmented("around-other-slide", "page-around-other", X - WIDTH, Y, null);

    // When
    browser.openOrgan(port, "page-around");
    browser.awaitTile("around");

    // Then
    await().untilAsserted(() -> assertThat(browser.text("#around-text")).isEqualTo("2 known"));
    await().untilAsserted(() -> assertThat(coloured("right")).isPositive());
    assertThat(coloured("left")).isZero();
    assertThat(browser.attribute("#map", "title"))
        .contains("20,000 × 10,000 px", "3 tiles about it are known");
    browser.press("w");
    await().untilAsserted(() -> assertThat(coloured("right")).isZero());
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void shouldSayThatNothingIsKnownAroundATile() {
    // Given
    topics.raise(TestAlert.of("alone", "page-alone", 0.9));

    // When
    browser.openOrgan(port, "page-alone");
    browser.awaitTile("alone");

    // Then
    await().untilAsserted(() -> assertThat(browser.text("#around-text")).isEqualTo("none known"));
    assertThat(browser.attribute("#map", "title"))
        .contains("how large the slide is nobody has said");
  }

  @Test
  void shouldAnswerWhatIsKnownAndDrawNeighboursAndNothingElse() throws Exception {
    // Given
    topics.raise(TestAlert.of("api/1", "page-around-api", 0.9));
    segmented("api/1", "page-around-api", X, Y, null);
    segmented("api/2", "page-around-api", X - WIDTH, Y - HEIGHT, null);
    segmented("api/3", "page-around-api", X + 2 * WIDTH, Y, null);
    // It was segmented twice.
    segmented("api/2", "page-around-api", X - WIDTH, Y - HEIGHT, null);
    Http http = new Http(port);
    await().until(() -> http.get(Http.alert("api/1", "")).statusCode() == 200);

    // When
    JsonNode around = json(http, Http.alert("api/1", "/surroundings"));

    // Then
    assertThat(around.path("downsample").asDouble()).isEqualTo(1);
    assertThat(around.path("isWhole").asBoolean()).isTrue();
    assertThat(around.path("slide").isNull()).isTrue();
    assertThat(around.path("tiles").toString())
        .isEqualTo("[[448,976,64,48,0.2],[640,1024,64,48,0.2]]");
    assertThat(around.path("neighbours")).hasSize(1);
    JsonNode neighbour = around.path("neighbours").get(0);
    assertThat(neighbour.path("tileId").asText()).isEqualTo("api/2");
    RgbImage picture =
        new ImageDecoder(ImageLimits.forTiles())
            .decode(http.get(neighbour.path("image").asText()).body(), WIDTH, HEIGHT);
    assertThat(picture.rgb()).isEqualTo(Drawings.image(WIDTH, HEIGHT).rgb());
    for (String nowhere : List.of("/640/1024", "/448/977", "/448/x", "/+448/976")) {
      assertThat(http.get(Http.alert("api/1", "/surroundings" + nowhere)).statusCode())
          .as(nowhere)
          .isEqualTo(404);
    }
  }

  @Test
  void shouldFindNeighboursAmongThousandsOfResultsAndLeaveOutWhatLiesFarther() throws IOException {
    // Given: a column of tiles, and the alert's among the first
    topics.raise(TestAlert.of("many", "page-many", 0.9));
    segmented("many", "page-many", X, Y, null);
    TileLocation tile = new TileLocation(Topics.TILES_SCANNED.name(), 0, 0L);
    topics.publishAll(
        Topics.TILES_SEGMENTED,
        "slide-of-page-many",
        IntStream.rangeClosed(1, 1_300)
            .mapToObj(i -> result("many-" + i, "page-many", X, Y + i * HEIGHT, null, tile))
            .toList());
    Http http = new Http(port);
    await().until(() -> http.get(Http.alert("many", "")).statusCode() == 200);

    // When
    JsonNode around = json(http, Http.alert("many", "/surroundings"));

    // Then: pages of 400, two before and two after the tile's own
    assertThat(around.path("neighbours")).hasSize(1);
    assertThat(around.path("neighbours").get(0).path("tileId").asText()).isEqualTo("many-1");
    assertThat(around.path("tiles").size()).isBetween(700, 1_250);
  }

  @Test
  void shouldZoomFromTheTileOutToItsSlideAndInOnAnotherTileThatWaits() {
    // Given: two tiles of a slide that wait, ten tiles apart
    int apart = 10 * WIDTH;
    topics.publish(
        Topics.SLIDES_REPORTED,
        "slide-of-page-zoom",
        TestModel.report("slide-of-page-zoom", "page-zoom"));
    topics.raise(TestAlert.of("zoom-1", "page-zoom", 0.9));
    ReviewRequested other = topics.raise(TestAlert.of("zoom-2", "page-zoom", 0.8));
    topics.publish(
        Topics.TILES_REVIEW,
        "zoom-2",
        RecordCopy.with(
            other,
            Map.of(
                "segmentation", RecordCopy.with(other.getSegmentation(), Map.of("x", X + apart)))));
    segmented("zoom-1", "page-zoom", X, Y, null);
    segmented("zoom-2", "page-zoom", X + apart, Y, null);
    browser.openOrgan(port, "page-zoom");
    browser.awaitTile("zoom-1");

    // When
    browser.press("1", "-", "-", "-");

    // Then: the other tile is seen, framed because it waits
    await().untilAsserted(() -> assertThat(framed()).isPositive());

    // When: it is brought into the middle and zoomed in on
    browser.pointAt(0, 0);
    String[] middle = browser.text("#readout-position").split(", ", -1);
    double zoom = Integer.parseInt(browser.text("#readout-zoom").replace(" %", "")) / 100.0;
    int far = (int) ((apart + WIDTH / 2.0 - Integer.parseInt(middle[0])) * zoom);
    browser.draw(far, 0, 0, 0);
    browser.press("+".repeat(14));

    // Then: it is open, and lies where it was seen
    browser.awaitTile("zoom-2");
    browser.pointAt(0, 0);
    await()
        .untilAsserted(
            () -> assertThat(browser.text("#readout-position")).matches("[23]\\d, 2\\d"));
    assertThat(browser.path()).isEqualTo("/tile/zoom-2");
    assertThat(browser.complaints()).isEmpty();
  }

  private void segmented(String tileId, String organ, int x, int y, String scanId) {
    TestAlert alert = TestAlert.of(tileId, organ, 0.5);
    byte[] image = Drawings.imagePng(WIDTH, HEIGHT);
    TileLocation location = topics.scan(alert, 0, ImageFormat.PNG, image);
    TileSegmented result = result(tileId, organ, x, y, scanId, location);
    topics.publish(Topics.TILES_SEGMENTED, result.getSlideId(), result);
  }

  private static TileSegmented result(
      String tileId, String organ, int x, int y, String scanId, TileLocation location) {
    TileSegmented made = TestAlert.of(tileId, organ, 0.5).requested(location).getSegmentation();
    TileSegmented result = RecordCopy.with(made, Map.of("x", x, "y", y));
    result.put("scanId", scanId);
    return result;
  }

  private static SlideScanned manifest(String slideId) {
    return SlideScanned.newBuilder()
        .setSlideId(slideId)
        .setOrgan("page-around")
        .setTileCount(3)
        .setWidth(20_000)
        .setHeight(10_000)
        .setScannedAt(TestAlert.RAISED)
        .setTilesGlass(0)
        .build();
  }

  private static JsonNode json(Http http, String path) throws IOException {
    return new ObjectMapper().readTree(http.get(path).body());
  }

  /** How many pixels beside the tile are pink or violet; the ground is grey. */
  private long coloured(String side) {
    return (long)
        browser.script(
            """
            const canvas = document.querySelector('#canvas');
            const y = Math.round(canvas.height / 2);
            const copy = new OffscreenCanvas(canvas.width, 1)
              .getContext('2d', { willReadFrequently: true });
            copy.drawImage(canvas, 0, -y);
            const row = copy.getImageData(0, 0, canvas.width, 1).data;
            const grey = (x) => Math.abs(row[4 * x] - row[4 * x + 1]) < 9;
            const edge = Math.round(canvas.width / 200);
            const xs = arguments[0] === 'left' ? [...Array(edge).keys()]
              : [...Array(edge).keys()].map((x) => canvas.width - 1 - x);
            return xs.filter((x) => !grey(x)).length;
            """,
            side);
  }

  /** Pixels on the right of the canvas in the colour of a waiting tile's frame. */
  private long framed() {
    return (long)
        browser.script(
            """
            const canvas = document.querySelector('#canvas');
            const copy = new OffscreenCanvas(canvas.width, canvas.height)
              .getContext('2d', { willReadFrequently: true });
            copy.drawImage(canvas, 0, 0);
            const half = Math.round(0.6 * canvas.width);
            const { data } = copy.getImageData(half, 0, canvas.width - half, canvas.height);
            let count = 0;
            for (let i = 0; i < data.length; i += 4) {
              if (data[i] > 200 && data[i + 1] > 140 && data[i + 2] < 110) count++;
            }
            return count;
            """);
  }
}
