package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.evaluation.calibration.CalibrationUnit;
import io.histoflow.imaging.Mask;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.MaskCalibration;
import io.histoflow.schemas.OrganMaskThreshold;
import io.histoflow.schemas.SegmentationQuality;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.segmentation.thresholds.MaskThreshold;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.weights.PublishedThresholds;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.WeightsVerifier;
import io.histoflow.weights.testing.TinyModel;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RecalibrationTest {
  private static final Recalibration RECALIBRATION = new Recalibration(Calibration.standard());

  private static final MaskThresholds PARENT =
      new MaskThresholds(
          OptionalDouble.of(0.1),
          new MaskThreshold(0.4, 60, 0.08),
          Map.of("lung", new MaskThreshold(0.3, 20, 0.05)));

  @Test
  void shouldCalibrateOnTheHeldOutCorrections() {
    // Given 20 of kidney and 10 of lung, for which there are too few now
    List<CalibrationUnit> tiles = new ArrayList<>(tiles(20, "kidney", 0.875f));
    tiles.addAll(tiles(10, "lung", 0.75f));
    // When
    Recalibration.Choice choice = RECALIBRATION.choose(PARENT, 0.55, new Measurement(tiles));
    // Then of 30 the rates may add up to 31 * 0.08 - 1 = 1.48, so no more than one may be missed
    assertThat(choice.thresholds().level()).hasValue(0.08);
    assertThat(choice.thresholds().pooled()).isEqualTo(new MaskThreshold(0.749, 30, 0));
    assertThat(choice.thresholds().organs())
        .isEqualTo(Map.of("kidney", new MaskThreshold(0.874, 20, 0)));
    assertThat(choice.reason()).startsWith("Expected false-negative rate at most 0.080");
  }

  @Test
  void shouldKeepTheGatesThresholdAndTheOrgansOnesOnTooFewCorrections() {
    // When
    Recalibration.Choice choice =
        RECALIBRATION.choose(PARENT, 0.55, new Measurement(tiles(19, "kidney", 0.875f)));
    // Then
    assertThat(choice.thresholds()).isEqualTo(PARENT.carriedOver(0.55));
    assertThat(choice.thresholds().level()).isEmpty();
    assertThat(choice.thresholds().thresholdFor("lung")).isEqualTo(0.3);
    assertThat(choice.reason())
        .isEqualTo(
            "19 held-out corrections with a positive pixel are too few to keep the expected"
                + " false-negative rate at or under 0.08: at least 20 are needed. The mask threshold"
                + " is that of the gate's comparison, and the organs' own thresholds stay the"
                + " parent's, without a guarantee.");
  }

  @Test
  void shouldNotCountCorrectionsWithNothingToMiss() {
    // Given
    List<CalibrationUnit> tiles = new ArrayList<>(tiles(19, "kidney", 0.875f));
    PrecisionRecallCurve empty =
        PrecisionRecallCurve.of(new float[] {0.5f}, Mask.of(1, 1, new byte[1]));
    tiles.addAll(Collections.nCopies(50, new CalibrationUnit("kidney", empty)));
    // When
    Recalibration.Choice choice =
        RECALIBRATION.choose(MaskThresholds.uncalibrated(0.5), 0.55, new Measurement(tiles));
    // Then
    assertThat(choice.thresholds()).isEqualTo(MaskThresholds.uncalibrated(0.55));
    assertThat(choice.reason())
        .endsWith("The mask threshold is that of the gate's comparison, without a guarantee.");
  }

  @Test
  void shouldReadBackTheThresholdsThatWerePublished() throws Exception {
    // Given
    Checkpoint model = Pupil.retrained(3);
    for (MaskThresholds thresholds : List.of(PARENT, PARENT.carriedOver(0.2))) {
      DecoderWeights published =
          weights(model, thresholds.pooled().threshold())
              .setCalibration(PublishedThresholds.write(thresholds))
              .build();
      // When
      Checkpoint read = new WeightsVerifier(TinyModel.checkpoint()).verify(published);
      // Then
      assertThat(read.thresholds()).isEqualTo(thresholds);
    }
  }

  @Test
  void shouldTakeOneThresholdForEveryOrganFromAPublisherThatKnowsNoOther() throws Exception {
    // When
    Checkpoint read =
        new WeightsVerifier(TinyModel.checkpoint().with(0, PARENT))
            .verify(weights(Pupil.retrained(3), 0.25).build());
    // Then
    assertThat(read.thresholds()).isEqualTo(MaskThresholds.uncalibrated(0.25));
  }

  @Test
  void shouldRefuseWeightsWhoseThresholdsCannotBe() {
    // Given
    MaskCalibration impossible =
        MaskCalibration.newBuilder()
            .setOrgans(Map.of("lung", new OrganMaskThreshold(1.5, 0, null)))
            .build();
    DecoderWeights weights = weights(Pupil.retrained(3), 0.25).setCalibration(impossible).build();
    // When, Then
    assertThatThrownBy(() -> new WeightsVerifier(TinyModel.checkpoint()).verify(weights))
        .isInstanceOf(WeightsRejectedException.class)
        .hasMessageContaining("version 3")
        .hasMessageContaining("1.5");
  }

  private static List<CalibrationUnit> tiles(int count, String organ, float probability) {
    PrecisionRecallCurve curve =
        PrecisionRecallCurve.of(new float[] {probability}, Mask.of(1, 1, new byte[] {1}));
    return Collections.nCopies(count, new CalibrationUnit(organ, curve));
  }

  private static DecoderWeights.Builder weights(Checkpoint model, double maskThreshold) {
    byte[] safetensors = model.decoderSafetensors();
    SegmentationQuality quality =
        SegmentationQuality.newBuilder().setImages(0).setThreshold(0.5).build();
    return DecoderWeights.newBuilder()
        .setModelId(model.modelId())
        .setVersion(model.version())
        .setParentVersion(0)
        .setEncoderFingerprint(model.encoderFingerprint())
        .setSha256(Safetensors.sha256(safetensors))
        .setSafetensors(ByteBuffer.wrap(safetensors))
        .setMaskThreshold(maskThreshold)
        .setBefore(quality)
        .setAfter(quality)
        .setExamplesUsed(1)
        .setCreatedAt(Instant.EPOCH);
  }
}
