package io.histoflow.results.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.platform.testing.RecallEstimates;
import io.histoflow.schemas.RecallEstimate;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecallSummaryTest {
  @Test
  void shouldTellEachGroupAndAllTogether() {
    RecallSummary summary =
        new RecallSummary(
            List.of(estimate("kidney", 412, 930, 70, 16), estimate("liver", 300, 470, 30, 9)));

    ObjectNode json = summary.json();
    assertThat(json.get("estimates")).hasSize(2);
    assertThat(json.get("all").get("model").get("recall").asDouble())
        .isCloseTo(1400 / 1500.0, within(1e-12));
    assertThat(json.get("estimates").get(0).get("notEnough").isNull()).isTrue();
  }

  @Test
  void shouldSayThatNotEnoughIsAuditedAndHowLongItTakes() {
    // Given: 14 tiles in 7 days
    RecallEstimate estimate = estimate("kidney", 14, 0, 0, 0);
    estimate.put("modelPixels", null);

    // Then: 277 by the prior, so 263 more at 2 a day
    assertThat(Readiness.of(estimate))
        .contains("not enough audited yet: 14 tiles, about 132 days at this rate");
    assertThat(new RecallSummary(List.of(estimate)).json().at("/estimates/0/notEnough").asText())
        .startsWith("not enough audited yet");
  }

  @Test
  void shouldNotBelieveANarrowIntervalFromAFewTiles() {
    RecallEstimate few = estimate("kidney", 29, 930, 70, 0.01);
    RecallEstimate enough = estimate("kidney", 30, 930, 70, 0.01);

    assertThat(Readiness.of(few))
        .contains("not enough audited yet: 29 tiles, about a day at this rate");
    assertThat(Readiness.of(enough)).isEmpty();
  }

  private static RecallEstimate estimate(
      String organ, long read, double found, double missed, double variance) {
    return RecallEstimates.of(organ, read)
        .setModelPixels(RecallEstimates.figures(found, missed, variance).build())
        .setSystemPixels(RecallEstimates.figures(found, missed / 2, variance).build())
        .build();
  }
}
