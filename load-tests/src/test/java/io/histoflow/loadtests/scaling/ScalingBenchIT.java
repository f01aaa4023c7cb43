package io.histoflow.loadtests.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.Weights;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalingBenchIT {

  @Test
  void shouldShareOneSlideAmongAllWorkers(@TempDir Path dataDir) throws Exception {
    // Given: two workers at most
    ScalingBenchSettings settings =
        new ScalingBenchSettings(List.of(1, 2), 40, 32, Duration.ofMillis(5), 8, 1, 7);

    // When
    ScalingBenchResult result =
        new ScalingBench(settings, untrained(), ProgressListener.SILENT).run(dataDir);

    // Then: every tile went to one of the two, and to both of them
    assertThat(result.leastShare()).isPositive();
    assertThat(result.leastShare() + result.mostShare()).isCloseTo(2, within(1e-12));
    assertThat(result.addedFeltAfterSeconds()).isPositive();
    ObjectNode json = result.toJson();
    assertThat(json.at("/workers/1").asDouble()).isPositive();
    assertThat(json.get("speedUp").asDouble())
        .isCloseTo(
            json.at("/workers/2").asDouble() / json.at("/workers/1").asDouble(), within(1e-12));
  }

  @Test
  void shouldRefuseMoreWorkersThanPartitions() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ScalingBenchSettings(List.of(1, 8), 40, 32, Duration.ofMillis(5), 6, 1, 7))
        .withMessageContaining("partitions is 6");
  }

  private static Checkpoint untrained() {
    ClinSegNetConfig config = ClinSegNetConfig.standard(4, List.of("kidney"));
    return new Checkpoint(
        Weights.initial(config, 1), new CheckpointMetadata(0, 0.5, "nothing", "none", Map.of()));
  }
}
