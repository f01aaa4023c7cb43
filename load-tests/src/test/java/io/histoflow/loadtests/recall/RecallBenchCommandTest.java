package io.histoflow.loadtests.recall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.loadtests.measuring.BenchCommandLine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecallBenchCommandTest {
  private final BenchCommandLine bench = new BenchCommandLine();

  @Test
  void shouldSayWhetherIntervalsHold(@TempDir Path folder) throws Exception {
    // When
    Path json = folder.resolve("r.json");
    int code =
        bench.run(
            "recall",
            "--tiles",
            "12000",
            "--organs",
            "3",
            "--repetitions",
            "40",
            "--topology-tiles",
            "2000",
            "--json",
            json.toString());

    // Then
    assertThat(bench.err()).isEmpty();
    assertThat(code).isZero();
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(result.get("coverage").asDouble()).isBetween(0.85, 1.0);
    assertThat(result.get("falseAlarmRate").asDouble()).isLessThan(0.1);
    assertThat(result.get("tilesToAlarm").get("median").asInt()).isPositive();
    assertThat(result.get("topology").get("holdTheTruth").asInt()).isBetween(2, 3);
    assertThat(result.fieldNames())
        .toIterable()
        .contains("bias", "varianceRatio", "recordsPerSecond");
  }

  @Test
  void shouldRefuseOneRepetition() {
    assertThat(bench.run("recall", "--repetitions", "1")).isEqualTo(2);
    assertThat(bench.err()).contains("repetitions is 1 but must be 2 to 100000");
  }
}
