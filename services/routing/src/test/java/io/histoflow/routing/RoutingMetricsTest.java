package io.histoflow.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.ReviewReason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
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
        .setUpdatedAt(Instant.EPOCH)
        .build();
  }
}
