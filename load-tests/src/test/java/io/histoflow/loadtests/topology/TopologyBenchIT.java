package io.histoflow.loadtests.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.loadtests.measuring.Rates;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyBenchIT {

  @Test
  void shouldMeasureRoutingBesidePassingThrough(@TempDir Path dataDir) {
    // Given: few tiles, two slides for each of three organs
    TopologyBenchSettings settings = new TopologyBenchSettings(3_600, 600, 3, 100, 1, 7);

    // When
    TopologyBenchResult result = new TopologyBench(settings, ProgressListener.SILENT).run(dataDir);

    // Then
    ObjectNode json = result.toJson();
    assertThat(json.get("recordsPerSecond").asDouble()).isPositive();
    assertThat(json.get("ratio").asDouble())
        .isCloseTo(
            json.get("recordsPerSecond").asDouble()
                / json.get("passThroughRecordsPerSecond").asDouble(),
            within(1e-12));
    assertThat(json.get("restoredTilesPerSecond").asDouble()).isPositive();
    assertThat(json.at("/cpuMicrosecondsPerRecord/whole/median").asDouble()).isPositive();
  }

  @Test
  void shouldTakeTheMiddleOfTheRounds() {
    assertThat(new Rates(List.of(9.0, 1.0, 2.0)).median()).isEqualTo(2);
    assertThat(new Rates(List.of(9.0, 1.0, 2.0, 4.0)).median()).isEqualTo(3);
    assertThat(new Rates(List.of(9.0, 1.0)).least()).isEqualTo(1);
    assertThat(new Rates(List.of(9.0, 1.0)).most()).isEqualTo(9);
  }
}
