package io.histoflow.topology;

import static io.histoflow.topology.TestRecords.background;
import static io.histoflow.topology.TestRecords.tile;
import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.ledger.InputCheck;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tiles with pen ink on the glass, of another scale than the model's, and too large for an alert.
 */
class InkTest {
  private static final double CERTAIN = 0.001;

  @TempDir Path stateDir;

  @Test
  void shouldSendTilesThatInkCoversToReviewHoweverCertainTheNetworkIs() {
    try (RoutingHarness harness = harness(0.01)) {
      // When
      harness.segment(inky(tile("s", "pen", "kidney", CERTAIN), 0.3));
      harness.segment(inky(background("s", "glass", "liver", 0), 0.01));
      harness.segment(inky(tile("s", "speck", "lung", CERTAIN), 0.009));
      harness.segment(background("s", "clean", "lung", 0));
      harness.segment(inky(background("s", "clean-too", "lung", 0), 0));
      harness.segment(inky(tile("s", "pen", "kidney", CERTAIN), 0.3));

      // Then
      List<KeyValue<String, ReviewRequested>> alerts = harness.alerts();
      assertThat(alerts).extracting(alert -> alert.key).containsExactly("pen", "glass");
      assertThat(alerts).allMatch(alert -> alert.value.getReason() == ReviewReason.INK);
    }
  }

  @Test
  void shouldNotFloodReviewersWithASlideFullOfInk() {
    try (RoutingHarness harness = harness(0.01)) {
      // When
      for (int t = 0; t < 1_000; t++) {
        harness.segment(inky(tile("s", "t" + t, "kidney", CERTAIN), 0.5));
      }

      // Then: the budget's share, and 10.4 ahead of it
      assertThat(harness.alerts().size()).isBetween(100, 111);
    }
  }

  @Test
  void shouldLeaveInkAloneWhereItIsSwitchedOff() {
    try (RoutingHarness harness = harness(0)) {
      // When
      harness.segment(inky(tile("s", "pen", "kidney", CERTAIN), 1));

      // Then
      assertThat(harness.alerts()).isEmpty();
    }
  }

  @Test
  void shouldLookAgainAtInkThatEarlierResultsDidNotSee() {
    try (RoutingHarness harness = harness(0.01)) {
      // Given
      harness.segment(tile("s", "pen", "kidney", CERTAIN, 0));

      // When
      harness.segment(inky(tile("s", "pen", "kidney", CERTAIN, 1), 0.3));

      // Then
      assertThat(harness.alerts())
          .singleElement()
          .matches(alert -> alert.value.getReason() == ReviewReason.INK);
    }
  }

  @Test
  void shouldCountInkAndTilesOfAnotherScaleInTheReport() {
    try (RoutingHarness harness = harness(0.01)) {
      // Given
      harness.scan("s", "kidney", 5);
      harness.segment(inky(ofModel(tile("s", "same", "kidney", CERTAIN), 0.5), 0.004));
      harness.segment(inky(ofModel(tile("s", "tenth", "kidney", CERTAIN), 0.5 / 1.1), 0));
      harness.segment(ofModel(tile("s", "half", "kidney", CERTAIN), 0.25));
      TileSegmented resampled = ofModel(tile("s", "resampled", "kidney", CERTAIN), 0.25);
      resampled.put("resampled", true);
      harness.segment(resampled);

      // When
      harness.segment(tile("s", "silent", "kidney", CERTAIN));

      // Then
      SlideReport report = harness.reports().get(0);
      assertThat(report.getTilesWithInk()).isEqualTo(1);
      assertThat(report.getTilesOffScale()).isEqualTo(1);
    }
  }

  @Test
  void shouldLeaveTheEntropyMapOutOfAnAlertThatWouldNotFit() {
    try (RoutingHarness harness = harness(0.01)) {
      // Given
      TileSegmented large = tile("s", "large", "kidney", 0.9);
      large.put("mask", ByteBuffer.allocate(InputCheck.MOST_IMAGE_BYTES - 10));
      large.put("entropyMap", ByteBuffer.allocate(11));
      TileSegmented fits = tile("s", "fits", "liver", 0.9);
      fits.put("mask", ByteBuffer.allocate(InputCheck.MOST_IMAGE_BYTES - 11));
      fits.put("entropyMap", ByteBuffer.allocate(11));

      // When
      harness.segment(large);
      harness.segment(fits);

      // Then
      List<KeyValue<String, ReviewRequested>> alerts = harness.alerts();
      assertThat(alerts.get(0).value.getSegmentation().getEntropyMap()).isNull();
      assertThat(alerts.get(0).value.getSegmentation().getTileId()).isEqualTo("large");
      assertThat(alerts.get(1).value.getSegmentation().getEntropyMap()).isNotNull();
    }
  }

  @Test
  void shouldLeaveTheProbabilitiesOutOfAnAlertBeforeItsEntropyMap() {
    try (RoutingHarness harness = harness(0.01)) {
      // Given
      TileSegmented large = tile("s", "large", "kidney", 0.9);
      large.put("mask", ByteBuffer.allocate(InputCheck.MOST_IMAGE_BYTES - 20));
      large.put("entropyMap", ByteBuffer.allocate(10));
      large.put("probabilities", ByteBuffer.allocate(11));

      // When
      harness.segment(large);

      // Then
      TileSegmented alerted = harness.alerts().get(0).value.getSegmentation();
      assertThat(alerted.getProbabilities()).isNull();
      assertThat(alerted.getEntropyMap()).isNotNull();
    }
  }

  private RoutingHarness harness(double inkFraction) {
    return new RoutingHarness(TestSettings.withInkFraction(inkFraction), stateDir);
  }

  private static TileSegmented inky(TileSegmented tile, double share) {
    tile.put("inkFraction", share);
    return tile;
  }

  private static TileSegmented ofModel(TileSegmented tile, double microns) {
    tile.put("modelMicronsPerPixel", microns);
    return tile;
  }
}
