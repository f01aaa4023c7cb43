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
}
