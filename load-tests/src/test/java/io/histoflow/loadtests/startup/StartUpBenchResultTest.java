package io.histoflow.loadtests.startup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.loadtests.startup.StartUpBenchResult.Round;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartUpBenchResultTest {

  @Test
  void shouldReportTheMedianOfEachFigure() {
    // Given: three starts, in no order
    StartUpBenchResult result =
        new StartUpBenchResult(
            StartUpBenchSettings.defaults(),
            2,
            List.of(new Round(5, 8, 15), new Round(3, 9, 12), new Round(4, 7, 11)));

    // When
    ObjectNode json = result.toJson();

    // Then
    assertThat(json.get("secondsToPlatform").asDouble()).isEqualTo(4);
    assertThat(json.get("secondsToReady").asDouble()).isEqualTo(8);
    assertThat(json.get("secondsToFirstResult").asDouble()).isEqualTo(12);
    assertThat(result.least(Round::toFirstResult)).isEqualTo(11);
    assertThat(result.most(Round::toFirstResult)).isEqualTo(15);
    assertThat(json.at("/rounds/0/secondsToFirstResult").asDouble()).isEqualTo(15);
  }
}
