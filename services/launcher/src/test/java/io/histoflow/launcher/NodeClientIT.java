package io.histoflow.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.codec.RgbPng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client in another language, {@code deploy/clients/node}, against a running {@code up}. */
class NodeClientIT {
  private static final Path CLIENT =
      Path.of(System.getProperty("histoflow.root"), "deploy", "clients", "node");

  @TempDir private Path folder;

  @Test
  void shouldServeAClientInAnotherLanguage() throws Exception {
    Path client = installed();
    // Given everything is up, and every tile is uncertain enough for an alert
    Path settings =
        Files.writeString(
            folder.resolve("up.properties"), "histoflow.routing.cold.start.threshold=-1\n");
    Path data = folder.resolve("data");
    try (LauncherProcess up =
        LauncherProcess.start(
            folder,
            "up",
            "--port",
            "0",
            "--data-dir",
            data.toString(),
            "--config",
            settings.toString())) {
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> up.output().contains("Dashboard:") || !up.handle().isAlive());
      assertThat(up.handle().isAlive()).as(up.output()).isTrue();
      String config = data.resolve("client.properties").toString();

      // When Node publishes a tile
      JsonNode segmented =
          json(client, "src/publish-tile.js", "--config", config, "--organ", "breast", tile());

      // Then it is segmented, and Node reads the mask's scores
      assertThat(segmented.get("organ").asText()).isEqualTo("breast");
      assertThat(segmented.get("width").asInt()).isEqualTo(96);
      assertThat(segmented.get("height").asInt()).isEqualTo(96);
      assertThat(segmented.get("meanEntropy").asDouble()).isBetween(0.0, 1.0);
      assertThat(segmented.get("maskBytes").asInt()).isPositive();

      // And when Node reads the review alerts, the tile is among them
      JsonNode alert = json(client, "src/read-alerts.js", "--config", config, "--count", "1");
      assertThat(alert.get("tileId")).isEqualTo(segmented.get("tileId"));
      assertThat(alert.get("reason").asText()).isEqualTo("COLD_START");
      assertThat(alert.get("threshold").asDouble()).isEqualTo(-1);
      assertThat(alert.get("score")).isEqualTo(segmented.get("routingScore"));
    }
  }

  private String tile() throws IOException {
    byte[] png = RgbPng.encode(new SyntheticTissue(3).tile("breast", 0, 96).image());
    return Files.write(folder.resolve("tile.png"), png).toString();
  }

  /** A copy of the client with its packages, or a skipped test where Node or its packages lack. */
  private Path installed() throws Exception {
    assumeTrue(isPresent("node") && isPresent("npm"), "Skipped: there is no node or npm here.");
    Path copy = Files.createDirectories(folder.resolve("client"));
    try (Stream<Path> files = Files.walk(CLIENT)) {
      for (Path file : files.filter(Files::isRegularFile).filter(NodeClientIT::isSource).toList()) {
        Path target = copy.resolve(CLIENT.relativize(file));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    Output npm = run(copy, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    assumeTrue(
        npm.exitCode() == 0, () -> "Skipped: npm cannot fetch the packages: " + npm.text().strip());
    return copy;
  }

  private static boolean isSource(Path file) {
    return !CLIENT.relativize(file).startsWith("node_modules");
  }

  private boolean isPresent(String program) throws InterruptedException {
    try {
      return run(folder, program, "--version").exitCode() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private JsonNode json(Path client, String script, String... arguments) throws Exception {
    String[] command =
        Stream.concat(Stream.of("node", script), Stream.of(arguments)).toArray(String[]::new);
    Output output = run(client, command);
    assertThat(output.exitCode()).as(output.text()).isZero();
    return JsonMapper.builder().build().readTree(output.text());
  }

  private record Output(int exitCode, String text) {}

  private Output run(Path directory, String... command) throws IOException, InterruptedException {
    Path log = Files.createTempFile(folder, "output", ".log");
    Process process =
        new ProcessBuilder(List.of(command))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + " did not end within 3 minutes");
    }
    return new Output(process.exitValue(), Files.readString(log));
  }
}
