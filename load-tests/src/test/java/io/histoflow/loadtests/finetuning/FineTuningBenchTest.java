package io.histoflow.loadtests.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.loadtests.finetuning.FineTuningBenchResult.Measured;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FineTuningBenchTest {

  @Test
  void shouldMeasureStepsBesideBarePassesInTurns() {
    // Given: few small crops and an untrained network
    FineTuningBenchSettings settings = new FineTuningBenchSettings(2, 3, 2, 32);
    List<String> notes = new ArrayList<>();
    FineTuningBench bench =
        new FineTuningBench(
            settings, untrained(), Compute.cpu(), (phase, done, total, note) -> notes.add(note));

    // When
    FineTuningBenchResult result = bench.run();

    // Then: every step of every round counts, but for those that warm up
    assertThat(result.distilling().steps()).hasSize(2 * 3);
    assertThat(result.plain().bare()).hasSize(2 * 3);
    assertThat(notes)
        .containsExactly(
            "with distillation",
            "without distillation",
            "with distillation",
            "without distillation",
            "done");
    JsonNode json = result.toJson();
    requireConsistent(json, result.distilling(), 2);
    requireConsistent(json.get("withoutDistillation"), result.plain(), 1);
  }

  private static void requireConsistent(JsonNode json, Measured measured, int passes) {
    assertThat(json.get("passesPerStep").asInt()).isEqualTo(passes);
    double bare = json.get("bareMillisPerStep").asDouble();
    assertThat(bare).isPositive();
    // The median of six: the mean of the middle two.
    double[] ratios =
        IntStream.range(0, 2 * 3)
            .mapToDouble(i -> measured.steps().get(i).millis() / measured.bare().get(i).millis())
            .sorted()
            .toArray();
    assertThat(json.get("ratio").asDouble()).isCloseTo((ratios[2] + ratios[3]) / 2, within(1e-12));
    assertThat(json.get("limit").asDouble())
        .isCloseTo(1 + json.get("frozenMillisPerStep").asDouble() / bare, within(1e-12));
  }

  @Test
  void shouldRefuseACropThatTheNetworkCannotHalveThreeTimes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FineTuningBenchSettings(1, 1, 1, 100))
        .withMessage("crop size is 100 but must be a multiple of 8 from 32 to 2048.");
  }

  private static Checkpoint untrained() {
    ClinSegNetConfig config = ClinSegNetConfig.standard(4, List.of("kidney"));
    return new Checkpoint(
        Weights.initial(config, 1), new CheckpointMetadata(0, 0.5, "nothing", "none", Map.of()));
  }
}
