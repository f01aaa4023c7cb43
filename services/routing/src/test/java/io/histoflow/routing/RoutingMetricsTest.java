package io.histoflow.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.DistributionSummary;
import io.histoflow.schemas.DriftAlarm;
import io.histoflow.schemas.DriftFinding;
import io.histoflow.schemas.DriftState;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.TileHeldBack;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoutingMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RoutingMetrics metrics = new RoutingMetrics(registry);

  @Test
  void shouldCountTilesByOrganAndReason() {
    // When
    metrics.onTile("kidney", Optional.empty());
    metrics.onTile("kidney", Optional.empty());
    metrics.onTile("kidney", Optional.of(ReviewReason.UNCERTAIN));

    // Then
    assertThat(registry.get(RoutingMetrics.TILES).tag("routed", "no").counter().count())
        .isEqualTo(2);
    assertThat(
            registry
                .get(RoutingMetrics.TILES)
                .tag("organ", "kidney")
                .tag("routed", "uncertain")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void shouldShowTheLatestThresholdAndShareOfAnOrgan() {
    // When
    metrics.onThreshold(threshold("kidney", 0.5, 100, 20));
    metrics.onThreshold(threshold("kidney", 0.6, 200, 20));

    // Then
    assertThat(registry.get(RoutingMetrics.THRESHOLD).tag("organ", "kidney").gauge().value())
        .isEqualTo(0.6);
    assertThat(registry.get(RoutingMetrics.SHARE).tag("organ", "kidney").gauge().value())
        .isEqualTo(0.1);
  }

  @Test
  void shouldBoundTheNumberOfOrgansItTellsApart() {
    // When
    for (int i = 0; i < 150; i++) {
      metrics.onTile("organ-" + i, Optional.empty());
      metrics.onThreshold(threshold("organ-" + i, 0.5, 1, 0));
    }

    // Then
    assertThat(registry.get(RoutingMetrics.TILES).counters()).hasSize(101);
    assertThat(registry.get(RoutingMetrics.TILES).tag("organ", "other").counter().count())
        .isEqualTo(50);
    assertThat(registry.get(RoutingMetrics.THRESHOLD).gauges()).hasSize(100);
  }

  @Test
  void shouldCountWhatIsHeldBackAndWhatDrifts() {
    // When
    metrics.onHeldBack(heldBack("kidney"));
    metrics.onHeldBack(heldBack("kidney"));
    metrics.onDrift(alarm("liver", DriftState.DRIFTED));

    // Then
    assertThat(registry.get(RoutingMetrics.HELD_BACK).tag("organ", "kidney").counter().count())
        .isEqualTo(2);
    assertThat(
            registry
                .get(RoutingMetrics.DRIFT_ALARMS)
                .tag("organ", "liver")
                .tag("state", "drifted")
                .counter()
                .count())
        .isEqualTo(1);
  }

  private static TileHeldBack heldBack(String organ) {
    return TileHeldBack.newBuilder()
        .setTileId("t")
        .setSlideId("s")
        .setOrgan(organ)
        .setReason(ReviewReason.UNCERTAIN)
        .setScore(0.5)
        .setRoutingScoreName("mean-entropy")
        .setThreshold(0.4)
        .setModelVersion(0)
        .setCapacityPerHour(60)
        .setTile(new TileLocation(Topics.TILES_SCANNED.name(), 0, 0L))
        .setHeldBackAt(Instant.EPOCH)
        .build();
  }

  private static DriftAlarm alarm(String organ, DriftState state) {
    DistributionSummary summary =
        DistributionSummary.newBuilder()
            .setCount(500)
            .setMin(0)
            .setP10(0.1)
            .setP25(0.25)
            .setP50(0.5)
            .setP75(0.75)
            .setP90(0.9)
            .setMax(1)
            .build();
    DriftFinding finding =
        DriftFinding.newBuilder()
            .setReference(summary)
            .setWindow(summary)
            .setDistance(0.5)
            .setLimit(0.2)
            .setPValue(1e-9)
            .setDesignEffect(1)
            .setDrifted(true)
            .build();
    return DriftAlarm.newBuilder()
        .setOrgan(organ)
        .setScanner("one")
        .setState(state)
        .setModelVersion(0)
        .setEntropy(finding)
        .setPositiveArea(finding)
        .setDetectedAt(Instant.EPOCH)
        .build();
  }

  private static OrganThreshold threshold(String organ, double threshold, long seen, long routed) {
    return OrganThreshold.newBuilder()
        .setOrgan(organ)
        .setThreshold(threshold)
        .setRoutingScoreName("mean-entropy")
        .setQuantile(0.9)
        .setSampleCount(seen)
        .setModelVersion(0)
        .setTilesSeen(seen)
        .setTilesRouted(routed)
        .setPartitions(List.of())
        .setUpdatedAt(Instant.EPOCH)
        .build();
  }
}
