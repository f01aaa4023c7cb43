package io.histoflow.review.support;

import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.ModelVersionUse;
import io.histoflow.schemas.RecallChange;
import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.SegmentationQuality;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.TilePosition;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.schemas.WeightsChangeKind;
import io.histoflow.schemas.WorkerVersion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What reporting, fine-tuning and inference say of slides and models. */
public final class TestModel {
  private TestModel() {}

  /** Returns the report of a slide of which one tile is missing. */
  public static SlideReport report(String slideId, String organ) {
    return SlideReport.newBuilder()
        .setSlideId(slideId)
        .setOrgan(organ)
        .setStatus(ReportStatus.INCOMPLETE)
        .setTilesSeen(3)
        .setTilesExpected(4)
        .setPositivePixels(2_000)
        .setTotalPixels(10_000)
        .setPositiveFraction(0.2)
        .setPositiveAreaSquareMillimetres(0.125)
        .setMeanEntropy(0.31)
        .setMaxMeanEntropy(0.5)
        .setMaxTailEntropy(0.9)
        .setReviewsRequested(2)
        .setReviewsOpen(1)
        .setModelVersions(List.of(3L))
        .setFirstTileAt(TestAlert.RAISED.minusSeconds(10))
        .setReportedAt(now())
        .setRevision(2)
        .setTilesMissing(1)
        .setMissingTiles(List.of(new TilePosition(0, 512)))
        .setModelHistory(List.of(new ModelVersionUse(3L, 3, TestAlert.RAISED)))
        .build();
  }

  /** Returns an accepted round that made a version out of the one before. */
  public static DecoderDecision round(String modelId, long version) {
    return DecoderDecision.newBuilder()
        .setModelId(modelId)
        .setRound(version)
        .setParentVersion(version - 1)
        .setCandidateVersion(version)
        .setAccepted(true)
        .setReason("recall rose by 0.030 at equal precision")
        .setBefore(quality(0.86))
        .setAfter(quality(0.89))
        .setChange(new RecallChange(12, 0.03, 0.01, 0.05))
        .setGuardSet("2 synthetic tiles an organ")
        .setGuardChange(new RecallChange(14, -0.001, -0.004, 0.002))
        .setExamplesUsed(24)
        .setCorrectionOffsets(Map.of("0", 24L))
        .setDecidedAt(TestAlert.RAISED.plusSeconds(version))
        .build();
  }

  /** Returns that Lea has pinned a version. */
  public static WeightsChange pinned(String modelId, long version) {
    return WeightsChange.newBuilder()
        .setModelId(modelId)
        .setKind(WeightsChangeKind.PINNED)
        .setFromVersion(version)
        .setToVersion(version)
        .setBy("Lea")
        .setReason("while the study runs")
        .setChangedAt(TestAlert.RAISED.plusSeconds(60))
        .build();
  }

  /** Returns that a worker runs a version. */
  public static WorkerVersion worker(String workerId, String modelId, long version) {
    return WorkerVersion.newBuilder()
        .setWorkerId(workerId)
        .setModelId(modelId)
        .setVersion(version)
        .setSha256("0".repeat(64))
        .setSince(TestAlert.RAISED)
        .setReportIntervalMillis(Duration.ofHours(1).toMillis())
        .setReportedAt(now())
        .build();
  }

  /** Returns weights of a version that learned from the one before. */
  public static DecoderWeights weights(String modelId, long version) {
    return DecoderWeights.newBuilder()
        .setModelId(modelId)
        .setVersion(version)
        .setParentVersion(version - 1)
        .setEncoderFingerprint("0".repeat(64))
        .setSha256("0".repeat(64))
        .setSafetensors(ByteBuffer.allocate(1))
        .setMaskThreshold(0.5)
        .setBefore(quality(0.86))
        .setAfter(quality(0.89))
        .setExamplesUsed(8)
        .setCreatedAt(TestAlert.RAISED)
        .build();
  }

  private static SegmentationQuality quality(double recall) {
    return new SegmentationQuality(12, 0.5, recall, 0.8, 0.82, 0.7, 0.8, recall, 0.9);
  }

  private static Instant now() {
    return Instant.ofEpochMilli(System.currentTimeMillis());
  }
}
