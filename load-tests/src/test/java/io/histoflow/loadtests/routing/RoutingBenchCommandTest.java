package io.histoflow.loadtests.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.loadtests.measuring.BenchCommandLine;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutingBenchCommandTest {
  private final BenchCommandLine bench = new BenchCommandLine();

  @Test
  void shouldWriteTableJsonAndPlot(@TempDir Path folder) throws Exception {
    // When
    Path json = folder.resolve("r.json");
    int code =
        bench.run(
            "routing",
            "--tiles",
            "1000",
            "--organs",
            "2",
            "--partitions",
            "2",
            "--json",
            json.toString());

    // Then
    assertThat(bench.err()).isEmpty();
    assertThat(code).isZero();
    assertThat(bench.out()).contains("organ-01", "largest error", "false alarms");
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(result.get("tiles").asInt()).isEqualTo(1_000);
    assertThat(result.get("partitions").asInt()).isEqualTo(2);
    assertThat(result.get("organs").get("organ-02").get("share").asDouble()).isBetween(0.07, 0.13);
    assertThat(result.fieldNames())
        .toIterable()
        .contains(
            "budget",
            "maxBudgetError",
            "driftDetectedAfterTiles",
            "falseAlarms",
            "recordsPerSecond");
    assertThat(Files.size(folder.resolve("r.png"))).isPositive();
  }

  @Test
  void shouldRefuseTooFewTiles() {
    assertThat(bench.run("routing", "--tiles", "10")).isEqualTo(2);
    assertThat(bench.err()).contains("tiles is 10 but must be 1000 or more");
  }

  @Test
  void shouldRefuseNoPartitions() {
    assertThat(bench.run("routing", "--partitions", "0")).isEqualTo(2);
    assertThat(bench.err()).contains("partitions is 0 but must be 1 to 64");
  }
}
