package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.thresholds.MaskThreshold;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.weights.testing.TinyModel;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class FineTuningOptionsTest {
  private static final ServiceConfig UNSET = ServiceConfig.of(Map.of());

  @Test
  void shouldKeepNewThresholdsToTheLevelThatTheModelDeclares() {
    // Given
    MaskThresholds strict =
        new MaskThresholds(OptionalDouble.of(0.05), new MaskThreshold(0.2, 100, 0.03), Map.of());
    Checkpoint shipped = TinyModel.checkpoint().with(0, strict);
    // When, Then
    assertThat(level(UNSET, shipped)).isEqualTo(0.05);
    assertThat(level(UNSET, Checkpoint.shipped()))
        .isEqualTo(Checkpoint.shipped().thresholds().level().orElseThrow());
    assertThat(level(UNSET.with("histoflow.fine-tuning.risk.level", "0.2"), shipped))
        .isEqualTo(0.2);
  }

  @Test
  void shouldKeepThemToTheStandardLevelWhereTheModelDeclaresNone() {
    // Given
    Checkpoint shipped = TinyModel.checkpoint().with(0, MaskThresholds.uncalibrated(0.5));
    // When, Then
    assertThat(level(UNSET, shipped)).isEqualTo(0.08);
  }

  private static double level(ServiceConfig config, Checkpoint shipped) {
    return FineTuningOptions.from(config).calibration(shipped).control().level();
  }
}
