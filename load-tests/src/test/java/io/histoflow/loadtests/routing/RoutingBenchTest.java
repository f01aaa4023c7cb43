package io.histoflow.loadtests.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingBenchTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"1, 0.013", "6, 0.015"})
  void shouldHoldTheBudgetAndAlarmTheShift(int partitions, double error) {
    // Given: two organs of 3,000 tiles, both on the scanner whose stain shifts
    RoutingBenchSettings settings =
        new RoutingBenchSettings(6_000, 2, partitions, 0.1, 800, 200, 1);

    // When
    RoutingBenchResult result = new RoutingBench(settings, done -> {}).run(folder);

    // Then
    assertThat(result.organs().stream().mapToInt(RoutingBenchResult.Organ::tiles).sum())
        .isEqualTo(6_000);
    assertThat(result.maxBudgetError()).isLessThan(error);
    assertThat(result.driftDetectedAfterTiles()).isBetween(1, 2 * (200 + 20 * partitions));
    assertThat(result.falseAlarms()).isZero();
    assertThat(result.curve()).isNotEmpty();
  }
}
