package io.histoflow.loadtests.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.loadtests.measuring.BenchCommandLine;
import io.histoflow.weights.testing.TinyModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferenceBenchCommandTest {
  private final BenchCommandLine bench = new BenchCommandLine();

  @Test
  void shouldMeasureOneModelWithoutAPeer(@TempDir Path folder) throws Exception {
    // Given: a tiny model, and no Python
    Path model = folder.resolve("tiny.safetensors");
    TinyModel.checkpoint().save(model);
    Path json = folder.resolve("i.json");

    // When
    int code =
        bench.run(
            "inference",
            "--model",
            model.toString(),
            "--rounds",
            "1",
            "--seconds",
            "0.01",
            "--tile-size",
            "32",
            "--peer-python",
            folder.resolve("no-python").toString(),
            "--json",
            json.toString());

    // Then
    assertThat(bench.err()).isEmpty();
    assertThat(code).isZero();
    assertThat(bench.out()).contains("histoflow, fp32", "Nothing to compare with");
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(result.get("models")).hasSize(1);
    JsonNode tiny = result.get("models").elements().next();
    assertThat(tiny.get("imagesPerSecond").asDouble()).isPositive();
    assertThat(tiny.get("precision").asText()).isIn("fp32", "bf16");
    assertThat(tiny.get("fp32").get("cpuMillisPerImage").asDouble()).isPositive();
    assertThat(result.get("peer").isNull()).isTrue();
    assertThat(result.get("ratio").isNull()).isTrue();
    assertThat(result.get("rounds").asInt()).isEqualTo(1);
    assertThat(result.get("tileSide").asInt()).isEqualTo(32);
  }

  @Test
  void shouldRefuseNoRounds() {
    assertThat(bench.run("inference", "--rounds", "0")).isEqualTo(2);
    assertThat(bench.err()).contains("rounds is 0");
  }
}
