package io.histoflow.loadtests.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.histoflow.loadtests.measuring.BenchCommandLine;
import io.histoflow.loadtests.measuring.BenchException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardBenchCommandIT {
  private final BenchCommandLine bench = new BenchCommandLine();

  @Test
  void shouldMeasureTheDashboardInARealBrowser(@TempDir Path folder) throws Exception {
    // Given
    assumeBrowser();
    Path json = folder.resolve("d.json");

    // When
    int code =
        bench.run(
            "dashboard",
            "--alerts",
            "60",
            "--listed",
            "500",
            "--verdicts",
            "1",
            "--tiles",
            "20",
            "--look-millis",
            "0",
            "--json",
            json.toString());

    // Then
    assertThat(code).as(bench.err()).isZero();
    JsonNode result = new JsonMapper().readTree(json.toFile());
    for (String line : new String[] {"fast", "slow"}) {
      JsonNode verdicts = result.at("/submitToPaintedMillis/" + line);
      assertThat(verdicts.get("count").asInt()).isEqualTo(2);
      assertThat(verdicts.at("/confirmed/median").asDouble()).isPositive();
      assertThat(verdicts.get("p95").asDouble())
          .isEqualTo(
              Math.max(
                  verdicts.at("/confirmed/median").asDouble(),
                  verdicts.at("/corrected/median").asDouble()));
    }
    assertThat(result.at("/live/raised").asInt()).isEqualTo(300);
    assertThat(result.at("/live/toldAbove").asInt()).isEqualTo(300);
    assertThat(result.at("/live/framesMoved").asInt()).isZero();
    assertThat(result.at("/scrolling/rows").asInt()).isEqualTo(500);
    assertThat(result.at("/scrolling/perSecond").asDouble()).isPositive();
    assertThat(result.at("/strokeMillis/2048/count").asInt()).isPositive();
    assertThat(result.at("/memory/ratio").asDouble())
        .isCloseTo(
            result.at("/memory/rendererBytes").asDouble()
                / result.at("/memory/rendererBytesSettled").asDouble(),
            within(1e-12));
    assertThat(result.at("/machine/cores").asInt()).isPositive();
    assertThat(bench.out()).contains("verdict to next painted, ms", "500 rows are scrolled");
  }

  @Test
  void shouldRefuseToOpenMoreTilesThanThereAre() {
    assertThat(bench.run("dashboard", "--alerts", "200")).isEqualTo(2);
    assertThat(bench.err()).contains("alerts is 200 but 300 tiles are opened");
  }

  private static void assumeBrowser() {
    try {
      var unused = Chromium.program();
    } catch (BenchException e) {
      Assumptions.abort("Skipped: " + e.getMessage());
    }
  }
}
