package io.histoflow.loadtests.recall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.loadtests.measuring.BenchCommandLine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditBenchCommandTest {
  private final BenchCommandLine bench = new BenchCommandLine();

  @Test
  void shouldHoldIntervalsAgainstTheTruthOfTheSameTilesDrawnByAnotherKey(@TempDir Path folder)
      throws Exception {
    // Given
    Path data = folder.resolve("data");
    DatasetWriter writer = new DatasetWriter(data);
    SyntheticTissue tissue = new SyntheticTissue(3);
    for (int i = 0; i < 6; i++) {
      writer.write(tissue.image(i % 2 == 0 ? "kidney" : "liver", i, 128, 128));
    }
    Path json = folder.resolve("a.json");

    // When
    int code =
        bench.run(
            "audit",
            "--data",
            data.toString(),
            "--limit",
            "5",
            "--seeds",
            "2",
            "--budget",
            "0.9",
            "--audit-share",
            "0.9",
            "--draws",
            "100",
            "--tile-size",
            "64",
            "--device",
            "cpu",
            "--json",
            json.toString());

    // Then: five images of four tiles
    assertThat(bench.err()).isEmpty();
    assertThat(code).isZero();
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(result.get("slides").asInt()).isEqualTo(5);
    assertThat(result.get("tiles").asInt()).isEqualTo(20);
    assertThat(result.get("bySeed")).hasSize(2);
    JsonNode one = result.at("/bySeed/0");
    JsonNode other = result.at("/bySeed/1");
    assertThat(one.get("audited").asInt()).isBetween(10, 20);
    assertThat(one.at("/model/truth")).isEqualTo(other.at("/model/truth"));
    assertThat(one.at("/system/truth").asDouble())
        .isGreaterThanOrEqualTo(one.at("/model/truth").asDouble());
    // Nearly all tiles are read, so the estimate is near the truth
    assertThat(Math.abs(one.at("/model/recall").asDouble() - one.at("/model/truth").asDouble()))
        .isLessThan(0.1);
    assertThat(result.get("draws")).hasSize(1);
    assertThat(result.at("/draws/0/meanAudited").asDouble()).isBetween(3.0, 7.0);
  }

  @Test
  void shouldRefuseAShareThatIsNone() {
    assertThat(bench.run("audit", "--data", "x", "--audit-share", "0")).isEqualTo(2);
    assertThat(bench.err()).contains("auditShare is 0.0 but must be above 0, at most 1");
  }
}
