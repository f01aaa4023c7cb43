package io.histoflow.studies.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.model.TestWeights;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ModelCostTest {

  @Test
  void shouldTakePercentilesByNearestRankAndThroughputOverAllBatches() {
    // Given: 1 to 20 ms alone, in any order; two batches of 8 in 1 s and 3 s
    long[] singles = LongStream.rangeClosed(1, 20).map(i -> (21 - i) * 1_000_000).toArray();
    long[] batches = {1_000_000_000L, 3_000_000_000L};

    // When
    Speed speed = Speed.of(batches, 8, singles, 123);

    // Then
    assertThat(speed.imagesPerSecond()).isEqualTo(4);
    assertThat(speed.medianMillis()).isEqualTo(10);
    assertThat(speed.p95Millis()).isEqualTo(19);
    assertThat(speed.peakMemoryMegabytes()).isEqualTo(123);
  }

  @Test
  void shouldReadPeakMemoryFromLinuxOrSayThatItIsUnknown() {
    assertThat(PeakMemory.megabytes(List.of("VmPeak:\t 9 kB", "VmHWM:\t  1000 kB")))
        .isCloseTo(1.024, within(1e-12));
    assertThat(PeakMemory.megabytes(List.of("Name:\tjava"))).isNaN();
  }

  @Test
  void shouldMeasureARealNetworkAndWriteEveryFigureToJson() {
    // Given
    Checkpoint checkpoint =
        new Checkpoint(
            TestWeights.random(TestWeights.config(4), 1),
            new CheckpointMetadata(0, 0.5, "none", "none", Map.of()));

    // When
    JsonNode json;
    try (Segmenter segmenter = Segmenter.open(checkpoint, Compute.cpu())) {
      Speed speed = SpeedMeter.run(segmenter, Duration.ZERO, Duration.ZERO);
      NetworkCost network = NetworkCost.of(checkpoint.config(), SpeedMeter.SIDE);
      json = new ModelCost(network, speed, Compute.CPU, segmenter.precision(), 2).toJson();
    }

    // Then
    assertThat(json.get("imagesPerSecond").asDouble()).isPositive();
    assertThat(json.at("/latencyMillis/p50").asDouble()).isPositive();
    assertThat(json.at("/latencyMillis/p95").asDouble())
        .isGreaterThanOrEqualTo(json.at("/latencyMillis/p50").asDouble());
    assertThat(json.get("gflops").asDouble()).isEqualTo(2 * json.get("gmacs").asDouble());
    assertThat(json.get("convention").asText()).contains("multiply-add").contains("224x224");
    assertThat(json.get("parametersMillions").asDouble()).isBetween(0.02, 0.1);
    assertThat(json.has("peakMemoryMegabytes")).isTrue();
    assertThat(json.get("device").asText()).isEqualTo("cpu");
  }
}
