package io.histoflow.loadtests.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.LINUX;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.loadtests.measuring.BenchCommandLine;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.io.TempDir;

class MemoryBenchCommandIT {
  private final BenchCommandLine bench = new BenchCommandLine();

  @Test
  @EnabledOnOs(LINUX)
  void shouldReadTheMemoryOfAWorkerInItsOwnProcess(@TempDir Path folder) throws Exception {
    // When
    Path json = folder.resolve("m.json");
    int code =
        bench.run(
            "memory",
            "--tiles",
            "24",
            "--warm-up",
            "8",
            "--large-tiles",
            "2",
            "--large-tile-size",
            "128",
            "--json",
            json.toString());

    // Then
    assertThat(bench.err()).isEmpty();
    assertThat(code).isZero();
    assertThat(bench.out()).contains("after 8 tiles of 64 pixels", "after 24", "2 tiles of 128");
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    long warm = result.get("rssAfterWarmUpBytes").asLong();
    long end = result.get("rssAtEndBytes").asLong();
    assertThat(warm).isGreaterThan(50L << 20);
    assertThat(result.get("peakRssBytes").asLong()).isGreaterThanOrEqualTo(Math.max(warm, end));
    assertThat(result.get("ratio").asDouble()).isEqualTo((double) end / warm);
    assertThat(result.get("samples").findValuesAsText("tiles")).containsExactly("8", "24", "26");
    assertThat(Files.size(folder.resolve("m.png"))).isPositive();
  }

  @Test
  void shouldRefuseAWarmUpAsLongAsTheRun() {
    assertThat(bench.run("memory", "--tiles", "1000")).isEqualTo(2);
    assertThat(bench.err()).contains("tiles is 1000 but must be 1001");
  }
}
