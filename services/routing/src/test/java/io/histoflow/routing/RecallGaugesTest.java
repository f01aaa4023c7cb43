package io.histoflow.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.platform.testing.RecallEstimates;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.WorkerVersion;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecallGaugesTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RecallGauges gauges = new RecallGauges(registry);

  @Test
  void shouldShowTheRecallOfEachOrganAndScannerByItsNewestVersionWhereNoWorkerSaysWhatItRuns() {
    // When: a verdict of a tile of the version before comes late
    gauges.estimated(estimate("kidney", 3, 0.9, null));
    gauges.estimated(estimate("kidney", 4, 0.8, Instant.EPOCH));
    gauges.estimated(estimate("kidney", 3, 0.7, null));
    gauges.estimated(estimate("liver", 4, null, null));

    // Then
    assertThat(recall(RecallGauges.RECALL, "kidney")).isEqualTo(0.8);
    assertThat(recall(RecallGauges.RECALL_LOW, "kidney")).isEqualTo(0.78);
    assertThat(recall(RecallGauges.RECALL_HIGH, "kidney")).isCloseTo(0.82, within(1e-9));
    assertThat(recall(RecallGauges.RECALL_AUDITED, "kidney")).isEqualTo(12);
    assertThat(recall(RecallGauges.RECALL_ALARM, "kidney")).isEqualTo(1);
    assertThat(recall(RecallGauges.RECALL_VERSION, "kidney")).isEqualTo(4);
    assertThat(recall(RecallGauges.RECALL_REVIEWED, "kidney")).isNaN();
    assertThat(recall(RecallGauges.RECALL, "liver")).isNaN();
    assertThat(recall(RecallGauges.RECALL_ALARM, "liver")).isZero();
  }

  @Test
  void shouldShowTheVersionThatWasGoneBackTo() {
    // Given
    gauges.estimated(estimate("kidney", 3, 0.9, null));
    gauges.estimated(estimate("kidney", 4, 0.8, null));
    gauges.estimated(estimate("liver", 4, 0.7, null));
    gauges.runs(worker("one", 4, 10));

    // When: one worker goes back, and another one tells later what it ran before
    gauges.runs(worker("one", 3, 20));
    gauges.runs(worker("two", 4, 11));

    // Then
    assertThat(recall(RecallGauges.RECALL, "kidney")).isEqualTo(0.9);
    assertThat(recall(RecallGauges.RECALL_VERSION, "kidney")).isEqualTo(3);
    assertThat(recall(RecallGauges.RECALL, "liver")).isNaN();
  }

  @Test
  void shouldBoundTheNumberOfGroupsItTellsApart() {
    // When
    for (int i = 0; i < 150; i++) {
      gauges.estimated(estimate("organ-" + i, 1, 0.9, null));
    }

    // Then
    assertThat(registry.get(RecallGauges.RECALL).gauges()).hasSize(100);
  }

  static WorkerVersion worker(String id, long version, long since) {
    return WorkerVersion.newBuilder()
        .setWorkerId(id)
        .setModelId("clinsegnet")
        .setVersion(version)
        .setSha256("0".repeat(64))
        .setSince(Instant.ofEpochSecond(since))
        .setReportIntervalMillis(1_000)
        .setReportedAt(Instant.ofEpochSecond(100))
        .build();
  }

  private double recall(String name, String organ) {
    return registry.get(name).tag("organ", organ).tag("scanner", "S360").gauge().value();
  }

  static RecallEstimate estimate(String organ, long version, Double recall, Instant alarmedAt) {
    return RecallEstimates.of(organ, 12)
        .setScanner("S360")
        .setModelVersion(version)
        .setModelPixels(
            recall == null
                ? null
                : RecallEstimates.figures(100 * recall, 100 - 100 * recall, 0).build())
        .setAlarmedAt(alarmedAt)
        .build();
  }
}
