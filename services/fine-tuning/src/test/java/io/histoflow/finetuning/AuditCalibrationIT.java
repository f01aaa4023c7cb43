package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.Verdict;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.thresholds.RiskControl;
import io.histoflow.weights.testing.TinyModel;
import io.histoflow.weights.versions.ChangeNote;
import io.histoflow.weights.versions.VersionException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Thresholds of the weights in force, recalibrated on tiles that chance drew. */
@ExtendWith(PlatformExtension.class)
class AuditCalibrationIT {
  private static final ChangeNote NOTE = new ChangeNote("ada", Optional.of("yearly"));

  @TempDir private Path directory;
  private Checkpoint base;
  private ServiceConfig config;
  private Clinic clinic;

  @BeforeEach
  void open(EmbeddedPlatform platform) throws Exception {
    base = TinyModel.variant(Pupil.beginner(), 700);
    config = Clinic.config(platform, base, directory);
    clinic = new Clinic(config, "audited", base.modelId());
  }

  @AfterEach
  void close() {
    clinic.close();
  }

  @Test
  void shouldKeepTheLevelOnTilesThatChanceDrewAndPublishItAsAVersionLikeAnyOther()
      throws Exception {
    // Given: drawn tiles, one of them unusable by its latest verdict, and others that were routed
    for (int i = 0; i < 30; i++) {
      clinic.correct(clinic.correction(i, i % 4 == 3).setAudited(i < 24).build());
    }
    clinic.correct(
        clinic
            .correction(5, false)
            .setMask(ByteBuffer.allocate(0))
            .setVerdict(Verdict.UNUSABLE)
            .build());
    Calibration calibration = new Calibration(new RiskControl(0.3), 20);
    try (AuditCalibration audit = new AuditCalibration(config, base)) {
      // When
      ThresholdProposal proposal = audit.propose(calibration, ProgressListener.SILENT);

      // Then
      assertThat(proposal.version()).isZero();
      assertThat(proposal.tiles()).isEqualTo(23);
      assertThat(proposal.learned()).isZero();
      int units = proposal.after().orElseThrow().pooled().units();
      assertThat((units * proposal.missedAfter() + 1) / (units + 1)).isLessThanOrEqualTo(0.3);
      assertThat(proposal.reason()).contains("at most 0.300", "tiles that chance drew");

      // And when
      DecoderDecision decision = audit.publish(proposal, NOTE);

      // Then: another version with the same network
      await().until(() -> clinic.weights().size() == 1 && clinic.archivedKeys().size() == 1);
      assertThat(clinic.decisions()).containsExactly(decision);
      assertThat(decision.getAccepted()).isTrue();
      assertThat(decision.getHeldBack()).isNull();
      assertThat(decision.getReason()).contains("23 audited tiles by ada (yearly)");
      DecoderWeights weights = clinic.weights().get(0);
      assertThat(weights.getVersion()).isEqualTo(1);
      assertThat(weights.getSafetensors()).isEqualTo(ByteBuffer.wrap(base.decoderSafetensors()));
      assertThat(weights.getCalibration().getLevel()).isEqualTo(0.3);
      assertThat(clinic.archivedKeys()).containsExactly(base.modelId() + "@1");

      // And: it is in force, it has learned from nothing, and its thresholds are these
      ThresholdProposal again = audit.propose(calibration, ProgressListener.SILENT);
      assertThat(again.version()).isEqualTo(1);
      assertThat(again.learned()).isZero();
      assertThat(again.missedBefore()).isCloseTo(proposal.missedAfter(), within(1e-9));
      assertThat(again.after()).isEqualTo(proposal.after());

      // And: what was measured of other weights is not published
      assertThatExceptionOfType(VersionException.class)
          .isThrownBy(() -> audit.publish(proposal, NOTE))
          .withMessageContaining("Version 1 came into force while version 0 was measured");
    }
  }

  @Test
  void shouldSayThatTooFewTilesWereDrawnAndPublishNothing() throws Exception {
    for (int i = 0; i < 12; i++) {
      clinic.correct(clinic.correction(i, false).setAudited(i < 5).build());
    }
    try (AuditCalibration audit = new AuditCalibration(config, base)) {
      ThresholdProposal proposal =
          audit.propose(new Calibration(new RiskControl(0.3), 20), ProgressListener.SILENT);

      assertThat(proposal.after()).isEmpty();
      assertThat(proposal.reason()).contains("5 audited tiles with a positive pixel are too few");
      assertThatExceptionOfType(VersionException.class)
          .isThrownBy(() -> audit.publish(proposal, NOTE))
          .withMessageContaining("Nothing to publish");
    }
  }
}
