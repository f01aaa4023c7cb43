package io.histoflow.segmentation.thresholds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskThresholdsTest {

  private static final MaskThresholds CALIBRATED =
      new MaskThresholds(
          OptionalDouble.of(0.1),
          new MaskThreshold(0.4, 60, 0.08),
          Map.of("kidney", new MaskThreshold(0.3, 20, 0.05)));

  @Test
  void shouldHandItsLevelOnToThresholdsThatTakeItsPlace() {
    // When, Then
    assertThat(CALIBRATED.control()).isEqualTo(new RiskControl(0.1));
    assertThat(CALIBRATED.carriedOver(0.5).control()).isEqualTo(new RiskControl(0.08));
  }

  @Test
  void shouldReadBackWhatWasWritten() {
    for (MaskThresholds thresholds :
        new MaskThresholds[] {
          CALIBRATED, CALIBRATED.carriedOver(0.5), MaskThresholds.uncalibrated(0.37)
        }) {
      // When
      String json = MaskThresholdsJson.write(thresholds).toString();

      // Then
      assertThat(MaskThresholdsJson.read(json)).isEqualTo(thresholds);
    }
    assertThat(MaskThresholdsJson.write(CALIBRATED).toString())
        .isEqualTo(
            "{\"level\":0.1,\"pooled\":{\"threshold\":0.4,\"units\":60,\"falseNegativeRate\":0.08},"
                + "\"organs\":{\"kidney\":{\"threshold\":0.3,\"units\":20,\"falseNegativeRate\":0.05}}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"level\":null,\"pooled\":null,\"organs\":{}}",
        "{\"level\":null,\"pooled\":{\"threshold\":1.5,\"units\":0,\"falseNegativeRate\":null},"
            + "\"organs\":{}}",
        "{\"level\":null,\"pooled\":{\"threshold\":\"NaN\",\"units\":0,\"falseNegativeRate\":null},"
            + "\"organs\":{}}",
        "{\"level\":null,\"pooled\":{\"units\":0,\"falseNegativeRate\":null},\"organs\":{}}",
        "{\"level\":2,\"pooled\":{\"threshold\":0.5,\"units\":60,\"falseNegativeRate\":0.05},"
            + "\"organs\":{}}",
        "{\"level\":0.1,\"pooled\":{\"threshold\":0.5,\"units\":60,\"falseNegativeRate\":0.2},"
            + "\"organs\":{}}",
        "{\"level\":null,\"pooled\":{\"threshold\":0.5,\"units\":0,\"falseNegativeRate\":null},"
            + "\"organs\":{\"kidney\":null}}",
        "{\"level\":null,\"pooled\":{\"threshold\":0.5,\"units\":0,\"falseNegativeRate\":null},"
            + "\"organs\":{}} {}"
      })
  void shouldRefuseJsonOfNoThresholds(String json) {
    assertThatThrownBy(() -> MaskThresholdsJson.read(json))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldKeepTheValuesAndDropTheGuaranteeForOtherWeights() {
    // When
    MaskThresholds carried = CALIBRATED.carriedOver(0.6);

    // Then
    assertThat(carried.level()).isEmpty();
    assertThat(carried.pooled()).isEqualTo(MaskThreshold.uncalibrated(0.6));
    assertThat(carried.restingOn("kidney")).isEqualTo(MaskThreshold.uncalibrated(0.3));
    assertThat(carried.describe())
        .isEqualTo(
            "Mask threshold 0.600, of their own kidney 0.300, without a guarantee on recall.");
    assertThat(MaskThresholds.uncalibrated(0.6).describe())
        .isEqualTo("Mask threshold 0.600 for every organ, without a guarantee on recall.");
  }

  @Test
  void shouldRefuseAThresholdThatDoesNotKeepToTheLevel() {
    assertThatThrownBy(() -> with(0.1, new MaskThreshold(0.4, 60, 0.09)))
        .hasMessageContaining("does not keep to 0.1");
    assertThatThrownBy(() -> with(0.1, new MaskThreshold(0.4, 8, 0)))
        .hasMessageContaining("does not keep to 0.1");
    assertThatThrownBy(() -> with(0.1, MaskThreshold.uncalibrated(0.4)))
        .hasMessageContaining("does not keep to 0.1");
    assertThatThrownBy(
            () ->
                new MaskThresholds(
                    OptionalDouble.empty(), new MaskThreshold(0.4, 60, 0.05), Map.of()))
        .hasMessageContaining("no level is given");
  }

  @Test
  void shouldRefuseNamesThatNoModelCouldHold() {
    for (String organ : new String[] {"", " kidney", "Kidney", "x".repeat(101)}) {
      assertThatThrownBy(
              () ->
                  new MaskThresholds(
                      OptionalDouble.empty(),
                      MaskThreshold.uncalibrated(0.5),
                      Map.of(organ, MaskThreshold.uncalibrated(0.5))))
          .as(organ)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("organ's name");
    }
  }

  @Test
  void shouldRefuseMoreOrgansThanAModelTellsApart() {
    // Given
    Map<String, MaskThreshold> many = new TreeMap<>();
    for (int i = 0; i < 257; i++) {
      many.put("organ-" + i, MaskThreshold.uncalibrated(0.5));
    }

    // When, Then
    assertThatThrownBy(
            () -> new MaskThresholds(OptionalDouble.empty(), MaskThreshold.uncalibrated(0.5), many))
        .hasMessageContaining("at most 256 organs");
  }

  @Test
  void shouldRefuseFiguresThatCannotBe() {
    assertThatThrownBy(() -> MaskThreshold.uncalibrated(1.01)).hasMessageContaining("1.01");
    assertThatThrownBy(() -> MaskThreshold.uncalibrated(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new MaskThreshold(0.5, -1, 0)).hasMessageContaining("-1");
    assertThatThrownBy(() -> new MaskThreshold(0.5, 3, 1.2)).hasMessageContaining("1.2");
    assertThatThrownBy(() -> new MaskThreshold(0.5, 0, 0)).hasMessageContaining("0 units");
  }

  private static MaskThresholds with(double level, MaskThreshold pooled) {
    return new MaskThresholds(OptionalDouble.of(level), pooled, Map.of());
  }
}
