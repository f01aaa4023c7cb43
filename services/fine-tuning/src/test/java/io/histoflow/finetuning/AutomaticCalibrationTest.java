package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.evaluation.calibration.CalibrationUnit;
import io.histoflow.imaging.Mask;
import io.histoflow.segmentation.thresholds.MaskThreshold;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.weights.testing.TinyModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Thresholds that are lowered without being asked, and never raised. */
class AutomaticCalibrationTest {
  private static final OptionalDouble LEVEL = OptionalDouble.of(0.08);

  @Test
  void shouldLowerThresholdsThatMissMoreThanIsPromised() {
    MaskThresholds before = MaskThresholds.uncalibrated(0.5);

    ThresholdProposal lowered = lowered(before, tiles(30, "kidney", 0.375f));

    assertThat(lowered.after().orElseThrow())
        .isEqualTo(
            new MaskThresholds(
                LEVEL,
                new MaskThreshold(0.374, 30, 0),
                Map.of("kidney", new MaskThreshold(0.374, 30, 0))));
    assertThat(lowered.missedBefore()).isEqualTo(1);
    assertThat(lowered.missedAfter()).isZero();
    assertThat(lowered.reason()).contains("at most 0.080", "tiles that chance drew");
  }

  @Test
  void shouldRaiseNoThresholdAndSayThatTheyHold() {
    ThresholdProposal lowered =
        lowered(MaskThresholds.uncalibrated(0.2), tiles(30, "kidney", 0.375f));

    assertThat(lowered.after()).isEmpty();
    assertThat(lowered.reason())
        .isEqualTo(
            "at the mask thresholds in force the expected false-negative rate is at most 0.08.");
  }

  @Test
  void shouldLowerOneOrganAndLeaveTheOthersWhereTheyAre() {
    // Given
    MaskThresholds before =
        new MaskThresholds(
            OptionalDouble.empty(),
            MaskThreshold.uncalibrated(0.25),
            Map.of(
                "kidney",
                MaskThreshold.uncalibrated(0.5),
                "liver",
                MaskThreshold.uncalibrated(0.5)));
    List<CalibrationUnit> tiles = new ArrayList<>(tiles(30, "kidney", 0.375f));
    tiles.addAll(tiles(20, "liver", 0.875f));

    // When
    MaskThresholds after = lowered(before, tiles).after().orElseThrow();

    // Then
    assertThat(after.thresholdFor("kidney")).isEqualTo(0.374);
    assertThat(after.restingOn("liver")).isEqualTo(new MaskThreshold(0.5, 20, 0));
    assertThat(after.pooled()).isEqualTo(new MaskThreshold(0.25, 50, 0));
  }

  @Test
  void shouldKeepAnOrgansThresholdAsLongAsWhatItWasCalibratedOnHolds() {
    MaskThreshold lung = new MaskThreshold(0.1, 20, 0.02);
    MaskThresholds before =
        new MaskThresholds(LEVEL, new MaskThreshold(0.5, 60, 0.05), Map.of("lung", lung));

    MaskThresholds after = lowered(before, tiles(30, "kidney", 0.375f)).after().orElseThrow();

    assertThat(after.restingOn("lung")).isEqualTo(lung);
    assertThat(after.pooled().threshold()).isEqualTo(0.374);
  }

  @Test
  void shouldLeaveToPeopleWhatWouldFindLessOfAnOrgan() {
    MaskThresholds before =
        new MaskThresholds(
            OptionalDouble.empty(),
            MaskThreshold.uncalibrated(0.5),
            Map.of("lung", MaskThreshold.uncalibrated(0.1)));

    ThresholdProposal lowered = lowered(before, tiles(30, "kidney", 0.375f));

    assertThat(lowered.after()).isEmpty();
    assertThat(lowered.reason())
        .contains(
            "lung has a mask threshold of its own, 0.100", "0.374", "histoflow weights calibrate");
  }

  private static ThresholdProposal lowered(MaskThresholds before, List<CalibrationUnit> tiles) {
    Measurement measurement = new Measurement(tiles);
    return AutomaticCalibration.lowered(
        new ThresholdProposal(
            3,
            tiles.size(),
            0,
            0,
            before,
            Calibration.standard().of(tiles),
            "",
            measurement.meanMissed(before),
            0,
            new ThresholdProposal.Measured(TinyModel.checkpoint(), measurement, Map.of())));
  }

  /** Tiles of one positive pixel with a probability. */
  private static List<CalibrationUnit> tiles(int count, String organ, float probability) {
    PrecisionRecallCurve curve =
        PrecisionRecallCurve.of(new float[] {probability}, Mask.of(1, 1, new byte[] {1}));
    return Collections.nCopies(count, new CalibrationUnit(organ, curve));
  }
}
