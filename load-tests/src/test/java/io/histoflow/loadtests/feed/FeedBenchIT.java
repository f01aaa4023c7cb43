package io.histoflow.loadtests.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.histoflow.launcher.LauncherProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedBenchIT {

  @Test
  void shouldTellEveryBrowserOfEveryAlertWhileItMeasures(@TempDir Path folder) throws Exception {
    // Given
    Path json = folder.resolve("feed.json");

    // When: it fails where a browser misses an alert
    LauncherProcess.Result run =
        LauncherProcess.run(
            folder,
            "bench",
            "feed",
            "--clients",
            "3",
            "--tiles",
            "160",
            "--tile-size",
            "64",
            "--rounds",
            "1",
            "--json",
            json.toString());

    // Then
    assertThat(run.exitCode()).as(run.output()).isLessThanOrEqualTo(1);
    JsonNode result = new JsonMapper().readTree(json.toFile());
    assertThat(result.get("clients").asInt()).isEqualTo(3);
    assertThat(result.get("eventsPerClient").asDouble()).isPositive();
    assertThat(result.get("alertsPerClient").asDouble()).isPositive();
    assertThat(result.get("overviewsPerClient").asDouble()).isPositive();
    // One round of few tiles may show what cannot be, and is then no figure.
    assertThat(result.at("/sideBySide/ratio/median").asDouble())
        .isCloseTo(
            result.get("tilesPerSecondWithClients").asDouble()
                / result.get("tilesPerSecond").asDouble(),
            within(1e-12));
  }
}
