package io.histoflow.topology;

import static io.histoflow.topology.TestRecords.asBackground;
import static io.histoflow.topology.TestRecords.background;
import static io.histoflow.topology.TestRecords.tile;
import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.drift.DriftSettings;
import io.histoflow.topology.routing.RoutingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tiles that inference recognised as background: in reports they count, in routing they do not. */
class BackgroundTilesTest {
  private static final Duration SOON = Duration.ofSeconds(3);

  @TempDir Path stateDir;
  private final Random random = new Random(1);
  private int fed;

  @Test
  void shouldNeverSendBackgroundToReview() {
    try (RoutingHarness harness = harness(TestSettings.withFloor(0.5))) {
      // When: the first tile of an organ, then scores above the floor, then newer weights
      harness.segment(background("s", "first", "kidney", 0));
      harness.segment(asBackground(tile("s", "high", "kidney", 0.9, 0)));
      harness.segment(asBackground(tile("s", "high", "kidney", 0.9, 1)));
      harness.pass(SOON);

      // Then
      assertThat(harness.alerts()).isEmpty();
      assertThat(harness.heldBack()).isEmpty();
      assertThat(harness.thresholds()).isEmpty();
    }
  }

  @Test
  void shouldLeaveBudgetAndScoresToTilesWithTissue() {
    // So few that sketches hold every score, and what they say is exact.
    List<Double> scores = random.doubles(150, 0.1, 0.5).boxed().toList();
    OrganThreshold alone;
    int alerts;
    try (RoutingHarness harness = harness(RoutingSettings.defaults())) {
      // Given: tissue alone
      scores.forEach(score -> harness.segment(tile("s", "t" + fed++, "kidney", score)));
      harness.pass(SOON);
      alone = harness.thresholds().get("kidney");
      alerts = harness.alerts().size();
    }
    fed = 0;
    try (RoutingHarness harness = harness(RoutingSettings.defaults())) {
      // When: the same with two background tiles after each
      for (double score : scores) {
        harness.segment(tile("s", "t" + fed++, "kidney", score));
        harness.segment(background("s", "b" + fed, "kidney", 0));
        harness.segment(background("s", "c" + fed, "kidney", 0));
      }
      harness.pass(SOON);

      // Then
      OrganThreshold among = harness.thresholds().get("kidney");
      assertThat(among.getTilesSeen()).isEqualTo(150);
      assertThat(among.getThreshold()).isEqualTo(alone.getThreshold());
      assertThat(among.getPartitions()).isEqualTo(alone.getPartitions());
      assertThat(harness.alerts()).hasSize(alerts);
    }
  }

  @Test
  void shouldCallNoDriftWhatIsOnlyMoreGlass() {
    TopologySettings settings =
        TopologySettings.defaults().withDrift(new DriftSettings(200, 50, 1, 0.1));
    try (RoutingHarness harness = new RoutingHarness(settings, stateDir)) {
      // Given: a reference and more of tissue without glass
      for (int i = 0; i < 300; i++) {
        harness.segment(tile("s" + i, "t" + i, "kidney", random.nextDouble()));
      }

      // When: slides that are mostly glass
      for (int i = 0; i < 500; i++) {
        harness.segment(background("glass" + i, "g" + i, "kidney", 0));
      }
      harness.pass(SOON);

      // Then
      assertThat(harness.driftAlarms()).isEmpty();
    }
  }

  @Test
  void shouldRouteATileByItsFirstSegmentationThatIsNotBackground() {
    try (RoutingHarness harness = harness(RoutingSettings.defaults())) {
      // Given: background by weights as they are and by newer ones
      harness.segment(background("s", "t", "kidney", 0));
      harness.segment(background("s", "t", "kidney", 1));

      // When: a worker that skips nothing finds something in it, and says so twice
      harness.segment(tile("s", "t", "kidney", 0.9, 1));
      harness.segment(tile("s", "t", "kidney", 0.9, 1));
      harness.pass(SOON);

      // Then
      assertThat(harness.alerts())
          .singleElement()
          .satisfies(
              alert -> assertThat(alert.value.getReason()).isEqualTo(ReviewReason.COLD_START));
      assertThat(harness.thresholds().get("kidney").getTilesSeen()).isEqualTo(1);
    }
  }

  @Test
  void shouldNotCountATileAgainThatWasTakenForBackgroundMeanwhile() {
    try (RoutingHarness harness = harness(RoutingSettings.defaults())) {
      // Given: a quiet tile with tissue among others, then background by newer weights
      harness.segment(tile("s", "t", "kidney", 0.001, 0));
      harness.segment(background("s", "t", "kidney", 1));
      harness.pass(SOON);
      assertThat(harness.alerts()).isEmpty();
      assertThat(harness.thresholds().get("kidney").getTilesSeen()).isEqualTo(1);

      // When: still newer weights doubt it
      harness.segment(tile("s", "t", "kidney", 0.9, 2));
      harness.pass(SOON);

      // Then: a second look, and no second count
      assertThat(harness.alerts())
          .singleElement()
          .satisfies(
              alert -> assertThat(alert.value.getReason()).isEqualTo(ReviewReason.NEWER_WEIGHTS));
      assertThat(harness.thresholds()).isEmpty();
    }
  }

  @Test
  void shouldCompleteASlideWithBackgroundAndCountItThere() {
    try (RoutingHarness harness = harness(RoutingSettings.defaults())) {
      // Given
      harness.scan("s", "kidney", 3);
      harness.segment(tile("s", "a", "kidney", 0.05));

      // When
      harness.segment(background("s", "b", "kidney", 0));
      harness.segment(background("s", "c", "kidney", 0));
      harness.segment(background("s", "c", "kidney", 0));
      harness.pass(SOON);

      // Then
      SlideReport report = last(harness.reports());
      assertThat(report.getStatus()).isEqualTo(ReportStatus.COMPLETE);
      assertThat(report.getTilesSeen()).isEqualTo(3);
      assertThat(report.getTilesMissing()).isZero();
      assertThat(report.getTilesBackground()).isEqualTo(2);
      assertThat(report.getPositivePixels()).isEqualTo(1_000);
      assertThat(report.getPositiveAreaSquareMillimetres()).isEqualTo(0.00025);

      // When: newer weights come with a worker that skips nothing
      TileSegmented found = tile("s", "b", "kidney", 0.01, 1);
      harness.segment(found);
      harness.segment(background("s", "b", "kidney", 0));
      harness.pass(SOON);

      // Then: the report stands on them
      SlideReport next = last(harness.reports());
      assertThat(next.getTilesSeen()).isEqualTo(3);
      assertThat(next.getTilesBackground()).isEqualTo(1);
      assertThat(next.getPositivePixels()).isEqualTo(2_000);
    }
  }

  private RoutingHarness harness(RoutingSettings settings) {
    return new RoutingHarness(settings, stateDir);
  }

  private static SlideReport last(List<SlideReport> reports) {
    return reports.get(reports.size() - 1);
  }
}
