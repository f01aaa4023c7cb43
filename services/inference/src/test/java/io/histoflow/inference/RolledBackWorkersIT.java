package io.histoflow.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.WorkerVersion;
import io.histoflow.weights.testing.Acceptance;
import io.histoflow.weights.testing.TinyModel;
import io.histoflow.weights.versions.ChangeNote;
import io.histoflow.weights.versions.VersionControl;
import io.histoflow.weights.versions.WorkerVersions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Real workers, and somebody who rolls their weights back. */
@ExtendWith(PlatformExtension.class)
class RolledBackWorkersIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final ChangeNote NOTE = new ChangeNote("anna", Optional.of("too many misses"));

  @TempDir private Path directory;
  private ServiceConfig config;
  private KafkaClients clients;
  private Laboratory laboratory;
  private WorkerVersions reports;
  private final List<InferenceService> workers = new ArrayList<>();

  @BeforeEach
  void open(EmbeddedPlatform platform) throws Exception {
    config =
        platform
            .config()
            .with("histoflow.model.file", TinyModel.save(directory.resolve("tiny")).toString())
            .with("histoflow.device", "cpu")
            .with("histoflow.inference.report.interval", "500ms");
    clients = new KafkaClients(config, "rollback-test");
    laboratory = new Laboratory(config);
    reports = new WorkerVersions(clients, TinyModel.ID, InstantSource.system());
    reports.start();
  }

  @AfterEach
  void close() {
    workers.forEach(InferenceService::close);
    reports.close();
    laboratory.withdrawWeights(TinyModel.ID);
    laboratory.close();
  }

  @Test
  void shouldRunTheVersionThatWasGoneBackToOnEveryWorker() throws Exception {
    // Given
    DecoderWeights older = accept(41);
    DecoderWeights newer = accept(42);
    started("r1");
    started("r2");
    assertThat(reports.await(42, SOON)).isTrue();
    assertThat(shaReportedBy("r1")).isEqualTo(newer.getSha256());
    // When
    try (VersionControl control = control()) {
      assertThat(control.rollBack(41, NOTE)).isPresent();
    }
    // Then
    assertThat(reports.await(41, SOON)).isTrue();
    assertThat(workers).allMatch(worker -> worker.modelVersion() == 41);
    assertThat(shaReportedBy("r1")).isEqualTo(older.getSha256());
    assertThat(shaReportedBy("r2")).isEqualTo(older.getSha256());
    // When
    laboratory.scan("slide-rolled-back", 4, 32);
    await().atMost(SOON).until(() -> laboratory.results("slide-rolled-back").size() == 4);
    // Then
    assertThat(laboratory.results("slide-rolled-back"))
        .extracting(TileSegmented::getModelVersion)
        .containsOnly(41L);
    // When
    try (VersionControl control = control()) {
      assertThat(control.rollBack(0, NOTE)).isPresent();
    }
    // Then
    assertThat(reports.await(0, SOON)).isTrue();
    assertThat(workers).allMatch(worker -> worker.modelVersion() == 0);
  }

  @Test
  void shouldReportAtEveryIntervalAndTakeItsLeaveWhenItIsStopped() {
    // Given
    InferenceService worker = started("leaving");
    await().atMost(SOON).until(() -> report("leaving").isPresent());
    WorkerVersion first = report("leaving").orElseThrow();
    // When
    await()
        .atMost(SOON)
        .until(
            () -> report("leaving").orElseThrow().getReportedAt().isAfter(first.getReportedAt()));
    // Then
    Instant since = report("leaving").orElseThrow().getSince();
    assertThat(since).isEqualTo(first.getSince());
    assertThat(first.getReportIntervalMillis()).isEqualTo(500);
    // When
    worker.close();
    // Then
    await().atMost(SOON).until(() -> report("leaving").isEmpty());
  }

  private Optional<WorkerVersion> report(String workerId) {
    return reports.all().stream().filter(r -> r.getWorkerId().equals(workerId)).findFirst();
  }

  private String shaReportedBy(String workerId) {
    return report(workerId).orElseThrow().getSha256();
  }

  private VersionControl control() {
    return new VersionControl(clients, TinyModel.checkpoint(), InstantSource.system());
  }

  /** Does what fine-tuning does with weights that passed the gate. */
  private DecoderWeights accept(long version) {
    DecoderWeights weights = TinyModel.weights(TinyModel.retrained(version)).build();
    Acceptance.publish(clients, weights);
    return weights;
  }

  private InferenceService started(String workerId) {
    InferenceService worker = new InferenceService(config.with(CommonSettings.WORKER_ID, workerId));
    workers.add(worker);
    worker.start();
    return worker;
  }
}
