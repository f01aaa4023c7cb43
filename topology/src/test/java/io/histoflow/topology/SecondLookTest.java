package io.histoflow.topology;

import static io.histoflow.topology.TestRecords.tile;
import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.SlideReport;
import io.histoflow.topology.routing.RoutingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tiles that newer weights segment again, as a replay does. */
class SecondLookTest {
  private static final RoutingSettings SETTINGS = RoutingSettings.defaults();
  private static final Duration SOON = Duration.ofSeconds(3);
  private static final int TILES = 300;

  @TempDir Path stateDir;
  private RoutingHarness harness;

  @BeforeEach
  void start() {
    harness = new RoutingHarness(SETTINGS, stateDir);
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void shouldCountNoTileTwiceWhenEverythingIsReplayed() {
    // Given
    List<Double> scores = scores(1);
    harness.scan("s", "kidney", TILES);
    segmentAll(scores, 0);
    harness.pass(SOON);
    Set<String> alerted = keys(harness.alerts());
    OrganThreshold before = harness.thresholds().get("kidney");
    harness.reports();

    // When: the weights are newer and say the same
    segmentAll(scores, 1);
    harness.pass(SOON);

    // Then
    assertThat(harness.thresholds()).as("thresholds published again").isEmpty();
    assertThat(before.getTilesSeen()).isEqualTo(TILES);
    Set<String> again = keys(harness.alerts());
    assertThat(again).doesNotContainAnyElementsOf(alerted);
    List<SlideReport> reports = harness.reports();
    SlideReport report = reports.get(reports.size() - 1);
    assertThat(report.getTilesSeen()).isEqualTo(TILES);
    assertThat(report.getModelVersions()).containsExactly(1L);
    assertThat(report.getReviewsRequested()).isEqualTo(alerted.size() + again.size());
  }

  @Test
  void shouldGoOnCountingNewTilesAsIfThereHadBeenNoReplay() {
    // Given
    List<Double> scores = scores(2);
    segmentAll(scores, 0);
    segmentAll(scores, 1);

    // When
    harness.segment(tile("other", "new", "kidney", 0.2, 1));
    harness.pass(SOON);

    // Then
    OrganThreshold threshold = harness.thresholds().get("kidney");
    assertThat(threshold.getTilesSeen()).isEqualTo(TILES + 1);
    assertThat(threshold.getTilesRouted())
        .isEqualTo(
            harness.alerts().stream()
                .filter(alert -> alert.value.getReason() != ReviewReason.NEWER_WEIGHTS)
                .count());
  }

  @Test
  void shouldSendATileToReviewThatOnlyNewerWeightsDoubt() {
    // Given: a tile far below the threshold
    segmentAll(scores(3), 0);
    harness.segment(tile("s", "quiet", "kidney", 0.01));
    harness.pass(SOON);
    double threshold = harness.thresholds().get("kidney").getThreshold();
    harness.alerts();

    // When
    harness.segment(tile("s", "quiet", "kidney", 0.9, 1));

    // Then
    List<KeyValue<String, ReviewRequested>> alerts = harness.alerts();
    assertThat(alerts).hasSize(1);
    ReviewRequested alert = alerts.get(0).value;
    assertThat(alerts.get(0).key).isEqualTo("quiet");
    assertThat(alert.getReason()).isEqualTo(ReviewReason.NEWER_WEIGHTS);
    assertThat(alert.getScore()).isEqualTo(0.9);
    assertThat(alert.getThreshold()).isEqualTo(threshold);
    assertThat(alert.getSegmentation().getModelVersion()).isEqualTo(1);

    // When: weights newer still doubt it as well
    harness.segment(tile("s", "quiet", "kidney", 0.95, 2));

    // Then
    assertThat(harness.alerts()).as("alerts of a tile in review").isEmpty();
  }

  @Test
  void shouldLeaveTilesAloneThatWereJudgedOrThatOlderWeightsDoubt() {
    // Given
    segmentAll(scores(4), 0);
    harness.segment(tile("s", "judged", "kidney", 0.01));
    harness.correct("s", "judged");
    harness.segment(tile("s", "newer", "kidney", 0.01, 2));
    harness.alerts();

    // When
    harness.segment(tile("s", "judged", "kidney", 0.9, 1));
    harness.segment(tile("s", "newer", "kidney", 0.9, 1));
    harness.segment(tile("s", "newer", "kidney", 0.9, 2));

    // Then
    assertThat(harness.alerts()).isEmpty();
  }

  @Test
  void shouldUseTheAbsoluteThresholdWhileAnOrganIsNew() {
    // Given: three tiles of an organ, none above the absolute threshold of 0.02
    for (int i = 0; i < 3; i++) {
      harness.segment(tile("s", "t" + i, "spleen", 0.0025));
    }
    assertThat(harness.alerts()).isEmpty();

    // When
    harness.segment(tile("s", "t0", "spleen", 0.019, 1));
    harness.segment(tile("s", "t1", "spleen", 0.03, 1));

    // Then
    assertThat(keys(harness.alerts())).containsExactly("t1");
  }

  @Test
  void shouldBoundAlertsWhenNewerWeightsScoreEverythingHigher() {
    // Given
    segmentAll(scores(5), 0);
    int before = harness.alerts().size();

    // When: every score is far above the threshold
    List<Double> high = new ArrayList<>();
    for (int i = 0; i < TILES; i++) {
      high.add(0.9 + i * 1e-4);
    }
    segmentAll(high, 1);

    // Then: ten, and a tenth of the tiles looked at again
    List<KeyValue<String, ReviewRequested>> alerts = harness.alerts();
    assertThat(alerts).hasSize(10 + (TILES - before) / 10);
    assertThat(alerts).allMatch(a -> a.value.getReason() == ReviewReason.NEWER_WEIGHTS);
  }

  @Test
  void shouldSendNothingToReviewWithoutABudget() {
    // Given
    harness.close();
    harness = new RoutingHarness(SETTINGS.withBudget(0), stateDir);
    segmentAll(scores(6), 0);

    // When
    segmentAll(scores(7), 1);

    // Then
    assertThat(harness.alerts()).isEmpty();
  }

  @Test
  void shouldDecideTheSameAfterACrash() {
    // Given
    segmentAll(scores(8), 0);
    harness.alerts();
    Map<String, List<KeyValue<Bytes, byte[]>>> committed = harness.committed();

    // When: what was not committed is done again by another instance
    segmentAll(scores(9), 1);
    Set<String> first = keys(harness.alerts());
    harness = harness.crash(committed);
    segmentAll(scores(9), 1);

    // Then
    assertThat(keys(harness.alerts())).isEqualTo(first).isNotEmpty();
  }

  private void segmentAll(List<Double> scores, long version) {
    for (int i = 0; i < scores.size(); i++) {
      harness.segment(tile("s", "tile-" + i, "kidney", scores.get(i), version));
    }
  }

  private static List<Double> scores(long seed) {
    Random random = new Random(seed);
    List<Double> scores = new ArrayList<>();
    for (int i = 0; i < TILES; i++) {
      scores.add(Math.max(0, 0.2 + 0.05 * random.nextGaussian()));
    }
    return scores;
  }

  private static Set<String> keys(List<KeyValue<String, ReviewRequested>> alerts) {
    Set<String> keys = new HashSet<>();
    alerts.forEach(alert -> assertThat(keys.add(alert.key)).as(alert.key).isTrue());
    return keys;
  }
}
