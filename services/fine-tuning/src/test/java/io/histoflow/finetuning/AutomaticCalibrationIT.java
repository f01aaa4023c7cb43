package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.testing.TinyModel;
import io.histoflow.weights.versions.ChangeNote;
import io.histoflow.weights.versions.VersionControl;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Mask thresholds that the service lowers on tiles that chance drew, where it is asked to. */
@ExtendWith(PlatformExtension.class)
class AutomaticCalibrationIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int ENOUGH = 30;
  private static final int ROUTED = 7;

  @TempDir private Path directory;
  private Checkpoint base;
  private ServiceConfig config;
  private Clinic clinic;
  private FineTuningService service;
  private MeterRegistry meters;

  /** A network that has learned, and a threshold at which it misses nearly everything. */
  @BeforeEach
  void open(EmbeddedPlatform platform) throws Exception {
    base = TinyModel.variant(Pupil.beginner(), 710).with(0, 0.95);
    config =
        Clinic.config(platform, base, directory)
            .with("histoflow.fine-tuning.min.corrections", "1000")
            .with("histoflow.fine-tuning.risk.level", "0.3")
            .with(FineTuningOptions.RECALIBRATE.name(), "true")
            .with(FineTuningOptions.RECALIBRATE_TILES.name(), Integer.toString(ENOUGH));
    clinic = new Clinic(config, "automatic", base.modelId());
  }

  @AfterEach
  void close() {
    service.close();
    clinic.close();
  }

  @Test
  void shouldLowerThresholdsOnceEnoughTilesAreAuditedAndKeepToAPin() throws Exception {
    // Given: tiles that were routed count for nothing
    for (int i = 0; i < ENOUGH; i++) {
      audit(i, false, i != ROUTED);
    }
    started();

    // When
    audit(ENOUGH, false, true);

    // Then
    await().atMost(SOON).until(() -> clinic.decisions().size() == 1);
    DecoderDecision decision = clinic.decisions().get(0);
    assertThat(decision.getReason())
        .startsWith(
            "Recalibrated on 30 audited tiles as histoflow.fine-tuning.recalibrate asks for:");
    assertThat(decision.getAccepted()).isTrue();
    assertThat(decision.getCandidateVersion()).isEqualTo(1);
    assertThat(decision.getExamplesUsed()).isZero();
    assertThat(decision.getCorrectionOffsets()).isEmpty();
    await().until(() -> clinic.weights().size() == 1 && clinic.archivedKeys().size() == 1);
    DecoderWeights weights = clinic.weights().get(0);
    assertThat(weights.getMaskThreshold()).isLessThan(0.95);
    assertThat(weights.getCalibration().getLevel()).isEqualTo(0.3);
    assertThat(weights.getSafetensors()).isEqualTo(ByteBuffer.wrap(base.decoderSafetensors()));
    assertThat(recalibrations("accepted")).isEqualTo(1);

    // When: the same pictures once more, as other tiles
    for (int i = 0; i <= ENOUGH; i++) {
      audit(i, true, i != ROUTED);
    }

    // Then: nothing is missed that was not before, and it is on record why nothing changes
    await().atMost(SOON).until(() -> clinic.decisions().size() == 2);
    assertThat(clinic.decisions().get(1).getAccepted()).isFalse();
    assertThat(clinic.decisions().get(1).getReason())
        .startsWith("Not recalibrated")
        .contains("at the mask thresholds in force");
    assertThat(recalibrations("refused")).isEqualTo(1);

    // When: another start, a pin, and tiles that are full of nuclei
    service.close();
    try (VersionControl control =
        new VersionControl(
            new KafkaClients(config, "pinning"),
            base,
            WeightsKeys.none(),
            InstantSource.system())) {
      assertThat(control.pin(1, new ChangeNote("anna", Optional.empty()))).isPresent();
    }
    started();
    for (int i = 0; i < ENOUGH; i++) {
      full(100 + i);
    }

    // Then: nothing is measured twice, and what is found waits in the archive
    await().atMost(SOON).until(() -> clinic.decisions().size() == 3);
    DecoderDecision held = clinic.decisions().get(2);
    assertThat(held.getRound()).isEqualTo(3);
    assertThat(held.getReason()).contains("Recalibrated", "Version 1 is pinned by anna.");
    assertThat(held.getHeldBack()).isEqualTo("Version 1 is pinned by anna.");
    await().until(() -> clinic.archivedKeys().size() == 2);
    assertThat(clinic.weights()).hasSize(1);
  }

  private void started() {
    meters = new SimpleMeterRegistry();
    service = new FineTuningService(config, meters);
    service.start();
  }

  private double recalibrations(String outcome) {
    return meters.get(FineTuningMetrics.RECALIBRATIONS).tag("outcome", outcome).counter().count();
  }

  /** Corrects tile number i of one organ by the truth. */
  private void audit(int i, boolean heldOut, boolean audited) {
    clinic.correct(clinic.correction(ofOneOrgan(i), heldOut).setAudited(audited).build());
  }

  private void full(int i) {
    byte[] all = new byte[64 * 64];
    Arrays.fill(all, (byte) 1);
    clinic.correct(
        clinic
            .correction(ofOneOrgan(i), false)
            .setMask(ByteBuffer.wrap(MaskPng.encode(Mask.of(64, 64, all))))
            .setAudited(true)
            .build());
  }

  /** The clinic's tiles change the organ with every fourth. */
  private static int ofOneOrgan(int i) {
    return i / 4 * 8 + i % 4;
  }
}
