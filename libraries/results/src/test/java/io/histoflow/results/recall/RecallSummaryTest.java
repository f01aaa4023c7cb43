package io.histoflow.results.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.RecallFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecallSummaryTest {
  private static final Instant NOW = Instant.parse("2026-01-08T00:00:00Z");

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
    return RecallEstimate.newBuilder()
        .setOrgan(organ)
        .setScanner("")
        .setModelVersion(1)
        .setSlides(60)
        .setTilesAsked(read)
        .setTilesRead(read)
        .setTilesDrawn(read)
        .setTilesDrawnRead(read)
        .setModelPixels(figures(found, missed, variance))
        .setSystemPixels(figures(found, missed / 2, variance))
        .setMissedShareLow(0)
        .setMissedShareHigh(1)
        .setSlidesCounted(0)
        .setLevel(0.08)
        .setEvidence(0)
        .setLimit(5)
        .setSince(NOW.minus(Duration.ofDays(7)))
        .setUpdatedAt(NOW)
        .setHistory(List.of())
        .build();
  }

  private static RecallFigures figures(double found, double missed, double variance) {
    return RecallFigures.newBuilder()
        .setRecall(found / (found + missed))
        .setRecallLow(0.9)
        .setRecallHigh(0.95)
        .setPrecisionLow(0)
        .setPrecisionHigh(1)
        .setFound(found)
        .setMissed(missed)
        .setWrong(0)
        .setFoundFound(0)
        .setFoundMissed(0)
        .setFoundWrong(0)
        .setMissedMissed(variance)
        .setWrongWrong(0)
        .build();
  }
}
