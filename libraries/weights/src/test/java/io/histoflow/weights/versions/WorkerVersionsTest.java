package io.histoflow.weights.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.WorkerVersion;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WorkerVersionsTest {

  @Test
  void shouldCallAWorkerSilentAfterThreeIntervalsWithoutAReport() {
    // Given
    Instant reported = Instant.parse("2026-01-01T00:00:00Z");
    WorkerVersion worker =
        WorkerVersion.newBuilder()
            .setWorkerId("w")
            .setModelId("net")
            .setVersion(1)
            .setSha256("")
            .setSince(reported)
            .setReportIntervalMillis(10_000)
            .setReportedAt(reported)
            .build();
    // When / Then
    assertThat(WorkerVersions.isSilent(worker, reported.plusSeconds(30))).isFalse();
    assertThat(WorkerVersions.isSilent(worker, reported.plusMillis(30_001))).isTrue();
  }

  @Test
  void shouldNotBelieveAReportFromTheFarFutureOrAnIntervalLongerThanADay() {
    // Given
    Instant now = Instant.parse("2026-01-01T12:00:00Z");
    WorkerVersion.Builder worker =
        WorkerVersion.newBuilder()
            .setWorkerId("w")
            .setModelId("net")
            .setVersion(1)
            .setSha256("")
            .setSince(now);
    // When / Then
    assertThat(
            WorkerVersions.isSilent(
                worker
                    .setReportIntervalMillis(10_000)
                    .setReportedAt(Instant.ofEpochMilli(Long.MAX_VALUE))
                    .build(),
                now))
        .isTrue();
    assertThat(
            WorkerVersions.isSilent(
                worker
                    .setReportIntervalMillis(Long.MAX_VALUE)
                    .setReportedAt(now.minusSeconds(4 * 24 * 3600))
                    .build(),
                now))
        .isTrue();
  }
}
