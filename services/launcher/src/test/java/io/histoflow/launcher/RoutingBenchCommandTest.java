package io.histoflow.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RoutingBenchCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void shouldWriteTableJsonAndPlot(@TempDir Path folder) throws Exception {
    // When
    Path json = folder.resolve("r.json");
    int code =
        run("--tiles", "1000", "--organs", "2", "--partitions", "2", "--json", json.toString());

    // Then
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString()).contains("organ-01", "largest error", "false alarms");
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
    assertThat(run("--tiles", "10")).isEqualTo(2);
    assertThat(err.toString()).contains("tiles is 10 but must be 1000 or more");
  }

  @Test
  void shouldRefuseNoPartitions() {
    assertThat(run("--partitions", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("partitions is 0 but must be 1 to 64");
  }

  private int run(String... args) {
    CommandLine commands = Histoflow.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    String[] all = new String[args.length + 2];
    all[0] = "bench";
    all[1] = "routing";
    System.arraycopy(args, 0, all, 2, args.length);
    return commands.execute(all);
  }
}
