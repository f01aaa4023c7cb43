package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.SegmentationQuality;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.schemas.WeightsChangeKind;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.testing.Acceptance;
import io.histoflow.weights.testing.TinyModel;
import io.histoflow.weights.versions.ChangeNote;
import io.histoflow.weights.versions.ModelVersions;
import io.histoflow.weights.versions.VersionControl;
import io.histoflow.weights.versions.VersionException;
import io.histoflow.weights.versions.VersionReader;
import io.histoflow.weights.versions.WeightRecords;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Fine-tuning beside people who roll back and pin. */
@ExtendWith(PlatformExtension.class)
class PinnedWeightsIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final ChangeNote NOTE = new ChangeNote("anna", Optional.empty());
  private static final AtomicInteger VARIANT = new AtomicInteger(500);

  @TempDir private Path directory;
  private Checkpoint base;
  private ServiceConfig config;
  private KafkaClients clients;
  private Clinic clinic;
  private FineTuningService service;
  private MeterRegistry meters;

  /** A parent that knows nothing, so that its first candidate cannot fail to be better. */
  @BeforeEach
  void open(EmbeddedPlatform platform) throws Exception {
    int variant = VARIANT.incrementAndGet();
    base = TinyModel.variant(TinyModel.checkpoint(), variant);
    config =
        Clinic.config(platform, base, directory)
            .with("histoflow.fine-tuning.min.corrections", "16")
            .with("histoflow.fine-tuning.steps", "40")
            .with("histoflow.fine-tuning.learning.rate", "0.005")
            .with("histoflow.fine-tuning.conditioning.rate", "0.01")
            .with("histoflow.fine-tuning.known.share", "1")
            .with("histoflow.fine-tuning.batch.size", "4")
            .with("histoflow.fine-tuning.crop.size", "64");
    clients = new KafkaClients(config, "pinned-weights-test");
    clinic = new Clinic(config, "pinned" + variant, base.modelId());
  }

  @AfterEach
  void close() {
    if (service != null) {
      service.close();
    }
    clinic.close();
  }

  @Test
  void shouldArchiveWhatItAcceptsAndLeaveThePinnedVersionInForce() throws Exception {
    // Given
    started();
    try (VersionControl control = control()) {
      assertThat(control.pin(0, NOTE)).isPresent();
    }
    // When
    clinic.correct(0, 16);
    await().atMost(SOON).until(() -> clinic.decisions().size() == 1);
    // Then
    DecoderDecision decision = clinic.decisions().get(0);
    assertThat(decision.getAccepted()).isTrue();
    assertThat(decision.getCandidateVersion()).isEqualTo(1);
    assertThat(decision.getHeldBack()).isEqualTo("Version 0 is pinned by anna.");
    assertThat(decision.getReason())
        .startsWith("Accepted: ")
        .endsWith("Archived and not put in force: Version 0 is pinned by anna.");
    assertThat(clinic.weights()).isEmpty();
    assertThat(clinic.archivedKeys()).containsExactly(base.modelId() + "@1");
    assertThat(meters.get(FineTuningMetrics.PINNED).gauge().value()).isEqualTo(1);
    assertThat(meters.get(FineTuningMetrics.MODEL_VERSION).gauge().value()).isZero();

    // When it is unpinned, the next round learns from what is in force and gets the next number
    try (VersionControl control = control()) {
      assertThat(control.unpin(NOTE)).isPresent();
    }
    clinic.correct(16, 32);
    await().atMost(SOON).until(() -> clinic.decisions().size() == 2);
    // Then
    DecoderDecision next = clinic.decisions().get(1);
    assertThat(next.getReason()).startsWith("Accepted: ");
    assertThat(next.getParentVersion()).isZero();
    assertThat(next.getCandidateVersion()).isEqualTo(2);
    assertThat(next.getHeldBack()).isNull();
    assertThat(versions().inForce()).isEqualTo(2);
  }

  @Test
  void shouldLearnFromTheVersionThatWasGoneBackToAndCountOn() throws Exception {
    // Given
    started();
    clinic.correct(0, 16);
    await().atMost(SOON).until(() -> clinic.decisions().size() == 1);
    assertThat(clinic.decisions().get(0).getReason()).startsWith("Accepted: ");
    // When
    rollBack(0);
    clinic.correct(16, 32);
    await().atMost(SOON).until(() -> clinic.decisions().size() == 2);
    // Then
    DecoderDecision next = clinic.decisions().get(1);
    assertThat(next.getReason()).startsWith("Accepted: ");
    assertThat(next.getParentVersion()).isZero();
    assertThat(next.getCandidateVersion()).isEqualTo(2);
    // All 24, since the version in force has learned from none of them
    assertThat(next.getExamplesUsed()).isEqualTo(24);
    assertThat(versions().inForce()).isEqualTo(2);
    assertThat(versions().archived())
        .extracting(DecoderWeights::getVersion)
        .containsExactly(1L, 2L);
  }

  @Test
  void shouldArchiveNoWeightsThatNobodyAccepted() throws Exception {
    // Given
    clinic.publish(oldWeights(3));
    started();
    // When
    clinic.correct(0, 16);
    await().atMost(SOON).until(() -> clinic.decisions().size() == 1);
    // Then they were not learned from, and their number is not given out again
    assertThat(clinic.decisions().get(0).getReason()).startsWith("Accepted: ");
    assertThat(clinic.decisions().get(0).getParentVersion()).isZero();
    assertThat(clinic.archivedKeys()).containsExactly(base.modelId() + "@4");
    assertThat(versions().inForce()).isEqualTo(4);
    assertThat(versions().refused()).singleElement().asString().contains("version 3 of");
  }

  @Test
  void shouldCountOnAfterNumbersThatNobodyCanHaveCountedTo() throws Exception {
    // Given
    DecoderWeights farOff = oldWeights(Long.MAX_VALUE);
    DecoderDecision.Builder decision =
        DecoderDecision.newBuilder(Acceptance.decision(farOff))
            .setCorrectionOffsets(Map.of("0", Long.MAX_VALUE, "1", Long.MAX_VALUE));
    try (WeightRecords records = new WeightRecords(clients, WeightsKeys.none())) {
      Acceptance.publish(
          clients,
          base.modelId(),
          List.of(
              records.archived(oldWeights(999_999_999_999_999_999L)),
              records.inForce(farOff),
              records.decision(decision.build()),
              records.decision(decision.setRound(1).setCandidateVersion(null).build()),
              records.change(pinOf(Long.MAX_VALUE)),
              records.change(pinOf(500))));
    }
    started();
    // When
    clinic.correct(0, 16);
    await().atMost(SOON).until(() -> clinic.decisions().size() == 3);
    // Then
    DecoderDecision next = clinic.decisions().get(2);
    assertThat(next.getRound()).isEqualTo(2);
    assertThat(next.getReason()).startsWith("Accepted: ");
    assertThat(next.getHeldBack()).isNull();
    assertThat(next.getCandidateVersion()).isEqualTo(1);
    assertThat(next.getExamplesUsed()).isEqualTo(12);
    assertThat(versions().inForce()).isEqualTo(1);
  }

  @Test
  void shouldPublishTheWeightsInForceAnewWhereRefusedOnesFollowThem() {
    // Given
    Acceptance.publish(clients, oldWeights(1));
    started();
    // When
    clinic.publish(damagedWeights(2));
    // Then
    await().atMost(SOON).until(() -> clinic.weights().size() == 3);
    assertThat(clinic.weights().get(2)).isEqualTo(oldWeights(1));
  }

  @Test
  void shouldPublishTheWeightsInForceAnewWhereCompactionHasLeftRefusedOnesOnly() {
    // Given a topic of weights from which those in force are gone
    DecoderWeights gone = oldWeights(1);
    try (WeightRecords records = new WeightRecords(clients, WeightsKeys.none())) {
      Acceptance.publish(
          clients,
          base.modelId(),
          List.of(records.archived(gone), records.decision(Acceptance.decision(gone))));
    }
    clinic.publish(damagedWeights(2));
    assertThat(versions().inForce()).isZero();
    // When
    started();
    // Then
    await().atMost(SOON).until(() -> clinic.weights().size() == 2);
    assertThat(clinic.weights().get(1)).isEqualTo(gone);
    assertThat(versions().inForce()).isEqualTo(1);
  }

  private WeightsChange pinOf(long version) {
    return WeightsChange.newBuilder()
        .setModelId(base.modelId())
        .setKind(WeightsChangeKind.PINNED)
        .setFromVersion(0)
        .setToVersion(version)
        .setBy("nobody")
        .setChangedAt(Instant.EPOCH)
        .build();
  }

  @Test
  void shouldReportTilesOnWhichReviewersDisagreeAndLearnFromTheLatestVerdict() throws Exception {
    // Given
    clinic.correctWrongly(0, 2);
    // When
    for (int i = 0; i < 2; i++) {
      clinic.correct(clinic.correction(i, false).setReviewer("second").build());
    }
    clinic.correct(clinic.correction(2, false).build());
    clinic.correct(clinic.correction(2, false).setReviewer("second").build());
    started();
    clinic.correct(3, 16);
    await().atMost(SOON).until(() -> clinic.decisions().size() == 1);
    // Then
    DecoderDecision decision = clinic.decisions().get(0);
    assertThat(decision.getTilesJudgedBySeveral()).isEqualTo(3);
    assertThat(decision.getTilesDisagreedOn()).isEqualTo(2);
    assertThat(decision.getExamplesUsed()).isEqualTo(12);
    assertThat(decision.getReason()).startsWith("Accepted: ");
    assertThat(meters.get(FineTuningMetrics.TILES_DISAGREED_ON).gauge().value()).isEqualTo(2);
  }

  private void started() {
    meters = new SimpleMeterRegistry();
    service = new FineTuningService(config, meters);
    service.start();
  }

  private VersionControl control() {
    return new VersionControl(clients, base, WeightsKeys.none(), InstantSource.system());
  }

  private void rollBack(long version) throws VersionException {
    try (VersionControl control = control()) {
      assertThat(control.rollBack(version, NOTE)).isPresent();
    }
  }

  private ModelVersions versions() {
    return new VersionReader(clients, base, WeightsKeys.none()).read();
  }

  private DecoderWeights damagedWeights(long version) {
    return RecordCopy.with(oldWeights(version), Map.of("sha256", "0".repeat(64)));
  }

  private DecoderWeights oldWeights(long version) {
    byte[] safetensors = base.decoderSafetensors();
    SegmentationQuality quality =
        SegmentationQuality.newBuilder().setImages(4).setThreshold(0.5).build();
    return DecoderWeights.newBuilder()
        .setModelId(base.modelId())
        .setVersion(version)
        .setParentVersion(version - 1)
        .setEncoderFingerprint(base.encoderFingerprint())
        .setSha256(Safetensors.sha256(safetensors))
        .setSafetensors(ByteBuffer.wrap(safetensors))
        .setMaskThreshold(0.5)
        .setBefore(quality)
        .setAfter(quality)
        .setExamplesUsed(1)
        .setCreatedAt(Instant.EPOCH)
        .build();
  }
}
