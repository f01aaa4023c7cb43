package io.histoflow.loadtests.measuring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {

  @Test
  void shouldTakeThePercentileByNearestRank() {
    // Given the five times of the textbook example of the nearest-rank method
    Latencies latencies =
        Latencies.of(List.of(50_000_000L, 15_000_000L, 40_000_000L, 20_000_000L, 35_000_000L));

    // When / Then
    assertThat(latencies.percentileMillis(5)).isEqualTo(15);
    assertThat(latencies.percentileMillis(30)).isEqualTo(20);
    assertThat(latencies.percentileMillis(40)).isEqualTo(20);
    assertThat(latencies.percentileMillis(50)).isEqualTo(35);
    assertThat(latencies.percentileMillis(100)).isEqualTo(50);
  }

  @Test
  void shouldLeaveOneInAHundredAboveTheNinetyNinthPercentile() {
    // Given 1 to 200 milliseconds
    Latencies latencies =
        Latencies.of(LongStream.rangeClosed(1, 200).mapToObj(ms -> ms * 1_000_000).toList());

    // When / Then
    assertThat(latencies.percentileMillis(99)).isEqualTo(198);
  }

  @Test
  void shouldRefuseToMakeUpAPercentileOfNothing() {
    // Given / When / Then
    assertThatThrownBy(() -> Latencies.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("A percentile needs at least one value.");
  }
}
