package io.histoflow.loadtests.startup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.loadtests.measuring.BenchCommandLine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartUpBenchCommandIT {
  private final BenchCommandLine bench = new BenchCommandLine();

  @Test
  void shouldStartEverythingUpToTheFirstResult(@TempDir Path folder) throws Exception {
    // When
    Path json = folder.resolve("s.json");
    int code =
        bench.run("start-up", "--rounds", "1", "--tile-size", "64", "--json", json.toString());

    // Then
    assertThat(bench.err()).isEmpty();
    assertThat(code).isZero();
    assertThat(bench.out()).contains("the first tile has its result");
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(result.get("secondsToPlatform").asDouble())
        .isPositive()
        .isLessThan(result.get("secondsToReady").asDouble());
    assertThat(result.get("secondsToFirstResult").asDouble())
        .isGreaterThan(result.get("secondsToPlatform").asDouble());
    assertThat(result.get("rounds")).hasSize(1);
  }

  @Test
  void shouldRefuseNoRounds() {
    assertThat(bench.run("start-up", "--rounds", "0")).isEqualTo(2);
    assertThat(bench.err()).contains("rounds is 0 but must be 1 to 100");
  }
}
