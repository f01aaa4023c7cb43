package io.histoflow.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.launcher.LauncherProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {
  @Test
  void shouldCloseTheLoopOnSyntheticTiles(@TempDir Path folder) throws Exception {
    // Given
    Path json = folder.resolve("r.json");

    // When
    LauncherProcess.Result demo =
        LauncherProcess.run(folder, "demo", "--tiles", "72", "--json", json.toString());

    // Then
    assertThat(demo.exitCode()).as(demo.output()).isZero();
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(result.path("tilesScanned").asInt()).isEqualTo(72);
    assertThat(result.path("tilesSegmented").asInt()).isEqualTo(72);
    assertThat(result.path("duplicates").asInt()).isZero();
    assertThat(result.path("deadLettered").asInt()).isZero();
    assertThat(result.path("slides").asInt()).isEqualTo(18);
    assertThat(result.path("reports").asInt()).isEqualTo(18);
    assertThat(result.path("incompleteReports").asInt()).isZero();
    assertThat(result.path("weights").path("reason").asText()).isNotBlank();
    assertThat(result.path("before").path("recall").asDouble()).isBetween(0.5, 1.0);
    assertThat(result.path("after").path("recallAtMatchedPrecision").asDouble())
        .isGreaterThan(result.path("before").path("recallAtMatchedPrecision").asDouble() - 0.02);
    assertThat(demo.output()).contains("Review budget", "Fine-tuning", "synthetic tiles");
  }
}
