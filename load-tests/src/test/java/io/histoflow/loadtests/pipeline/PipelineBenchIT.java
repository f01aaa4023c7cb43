package io.histoflow.loadtests.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineBenchIT {

  @Test
  void shouldMeasureThePipelineBesideTheBareLoop(@TempDir Path dataDir) throws Exception {
    // Given a bench of few small tiles and an untrained network, which is as fast as a trained one
    PipelineBenchSettings settings = new PipelineBenchSettings(12, 64, 4, 1, "cpu", 7);
    List<String> notes = new ArrayList<>();
    PipelineBench bench =
        new PipelineBench(settings, untrained(), (phase, done, total, note) -> notes.add(note));

    // When
    PipelineBenchResult result = bench.run(dataDir);

    // Then it reports both rates of the same run, and where it stood
    ObjectNode json = result.toJson();
    assertThat(json.get("rawTilesPerSecond").asDouble()).isPositive();
    assertThat(json.get("endToEndTilesPerSecond").asDouble()).isPositive();
    assertThat(json.get("ratio").asDouble())
        .isCloseTo(
            json.get("endToEndTilesPerSecond").asDouble()
                / json.get("rawTilesPerSecond").asDouble(),
            within(1e-12));
    assertThat(json.get("limit").asDouble()).isBetween(0.0, 1.0);
    assertThat(json.get("batchMillis").asDouble())
        .isCloseTo(4_000 / json.get("rawTilesPerSecond").asDouble(), within(1e-9));
    assertThat(json.at("/latencyMillis/p50").asDouble())
        .isPositive()
        .isLessThanOrEqualTo(json.at("/latencyMillis/p99").asDouble());
    assertThat(notes)
        .containsExactly(
            "warming up", "bare predictor loop", "topic to topic", "latency at half load", "done");
  }

  private static Checkpoint untrained() {
    ClinSegNetConfig config = ClinSegNetConfig.standard(8, List.of("kidney"));
    return new Checkpoint(
        Weights.initial(config, 1), new CheckpointMetadata(0, 0.5, "nothing", "none", Map.of()));
  }
}
