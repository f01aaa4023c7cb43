package io.histoflow.evaluation.calibration;

import static io.histoflow.evaluation.calibration.TestUnits.copies;
import static io.histoflow.evaluation.calibration.TestUnits.negatives;
import static io.histoflow.evaluation.calibration.TestUnits.positives;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.segmentation.thresholds.MaskThreshold;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.segmentation.thresholds.RiskControl;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTest {

  private final Calibration calibration = new Calibration(new RiskControl(0.10), 20);

  @Test
  void shouldGiveAnOrganItsOwnThresholdFromTwentyUnitsOn() {
    // Given
    List<CalibrationUnit> units = new ArrayList<>();
    units.addAll(copies(20, "kidney", positives(0.875)));
    units.addAll(copies(19, "lung", positives(0.25)));

    // When
    MaskThresholds thresholds = calibration.of(units).orElseThrow();

    // Then: of 39 the rates may add up to 40 * 0.1 - 1 = 3, so the lungs decide the pooled one
    assertThat(thresholds.level()).hasValue(0.10);
    assertThat(thresholds.organs().keySet()).containsExactly("kidney");
    assertThat(thresholds.thresholdFor("Kidney ")).isEqualTo(0.874);
    assertThat(thresholds.thresholdFor("lung")).isEqualTo(0.249);
    assertThat(thresholds.thresholdFor("brain")).isEqualTo(0.249);
    assertThat(thresholds.isOwn("kidney")).isTrue();
    assertThat(thresholds.isOwn("lung")).isFalse();
    assertThat(thresholds.restingOn("kidney").units()).isEqualTo(20);
    assertThat(thresholds.restingOn("lung").units()).isEqualTo(39);
    assertThat(thresholds.describe())
        .isEqualTo(
            "Expected false-negative rate at most 0.100: mask threshold 0.249 (39 units), of their"
                + " own kidney 0.874 (20 units); other organs have too little data.");
  }

  @Test
  void shouldSayWhatIsMissedOnTheUnitsThemselves() {
    // Given 19 units, of which one may be missed
    List<CalibrationUnit> units = new ArrayList<>(copies(18, "kidney", positives(0.75)));
    units.addAll(copies(1, "kidney", positives(0.25)));

    // When
    MaskThreshold pooled = calibration.of(units).orElseThrow().pooled();

    // Then
    assertThat(pooled.threshold()).isEqualTo(0.749);
    assertThat(pooled.falseNegativeRate()).isCloseTo(1.0 / 19, within(1e-12));
  }

  @Test
  void shouldLeaveOutImagesWithNothingToMiss() {
    // Given
    List<CalibrationUnit> units = new ArrayList<>(copies(9, "lung", positives(0.5)));
    units.addAll(copies(100, "lung", negatives(0.9)));

    // When
    MaskThresholds thresholds = calibration.of(units).orElseThrow();

    // Then
    assertThat(thresholds.pooled().units()).isEqualTo(9);
    assertThat(thresholds.organs()).isEmpty();
    assertThat(thresholds.describe())
        .isEqualTo(
            "Expected false-negative rate at most 0.100: mask threshold 0.499 (9 units) for every"
                + " organ, none having enough data for one of its own.");
  }

  @Test
  void shouldGiveNoneAndSayWhyWhereEvenThePooledUnitsAreTooFew() {
    // Given
    List<CalibrationUnit> units = copies(8, "lung", positives(0.5));

    // When, Then
    assertThat(calibration.of(units)).isEmpty();
    assertThat(calibration.whyNone(units))
        .isEqualTo(
            "8 images with a positive pixel are too few to keep the expected false-negative rate at"
                + " or under 0.1: at least 9 are needed.");
  }

  @Test
  void shouldGiveNoneAndSayWhyWhereTheNetworkIsCertainOfMisses() {
    // Given
    List<CalibrationUnit> units = copies(30, "lung", positives(0, 0.5));

    // When, Then
    assertThat(calibration.of(units)).isEmpty();
    assertThat(calibration.whyNone(units)).contains("probability 0").contains("30 images");
  }

  @Test
  void shouldNeverGiveAnOrganAThresholdOnFewerUnitsThanTheRuleNeeds() {
    // Given
    Calibration eager = new Calibration(new RiskControl(0.05), 1);
    List<CalibrationUnit> units = new ArrayList<>(copies(18, "lung", positives(0.5)));
    units.addAll(copies(19, "breast", positives(0.75)));

    // When, Then
    assertThat(eager.fewestUnitsOfAnOrgan()).isEqualTo(19);
    assertThat(eager.of(units).orElseThrow().organs()).containsOnlyKeys("breast");
  }

  @Test
  void shouldCallUnitsWithoutAnOrganUnknownAndPoolThoseOfNoUsableName() {
    // Given
    List<CalibrationUnit> units = new ArrayList<>(copies(30, " ", positives(0.5)));
    units.addAll(copies(30, "x".repeat(101), positives(0.5)));

    // When
    MaskThresholds thresholds = calibration.of(units).orElseThrow();

    // Then
    assertThat(thresholds.organs()).containsOnlyKeys("unknown");
    assertThat(thresholds.pooled().units()).isEqualTo(60);
  }

  @Test
  void shouldRefuseAMinimumOfNoUnits() {
    assertThatThrownBy(() -> new Calibration(new RiskControl(0.1), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1 unit");
  }
}
