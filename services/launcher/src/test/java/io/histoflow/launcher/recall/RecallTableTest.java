package io.histoflow.launcher.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.recall.AuditPlan;
import io.histoflow.results.recall.RecallSummary;
import io.histoflow.schemas.ReaderAgreement;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.RecallFigures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecallTableTest {
  private static final Instant NOW = Instant.parse("2026-01-08T00:00:00Z");

  @Test
  void shouldShowEachGroupAndAllTogether() {
    String table =
        RecallTable.of(
            new RecallSummary(
                List.of(estimate("kidney", 412, 930, 70, 16), estimate("liver", 300, 470, 30, 9))));

    assertThat(table).contains("kidney", "0.930", "liver", "0.940", "all", "0.933");
    assertThat(table).doesNotContain("not enough");
  }

  @Test
  void shouldSayBelowWhereNotEnoughIsAudited() {
    RecallEstimate estimate = estimate("kidney", 14, 0, 0, 0);
    estimate.put("modelPixels", null);

    assertThat(RecallTable.of(new RecallSummary(List.of(estimate))))
        .contains("kidney, version 1: not enough audited yet: 14 tiles");
  }

  @Test
  void shouldShowHowFarReadersAgreeAndAddRoutedTilesOfOrgansWithoutADraw() {
    // Given
    RecallEstimate liver = estimate("liver", 0, 0, 0, 0);
    liver.put("modelPixels", null);
    liver.put("routedModelPixels", figures(50, 50, 4));
    RecallEstimate kidney = estimate("kidney", 412, 930, 70, 16);
    kidney.put("agreement", new ReaderAgreement(3L, 40L, 10L, 20L, 30L, 0.4, 0.93, null));

    // When
    RecallSummary summary = new RecallSummary(List.of(kidney, liver));

    // Then
    assertThat(RecallTable.of(summary))
        .contains("Read by two: 3 tiles, on whose pixels they agree with kappa 0.400")
        .contains("kidney, version 1: on 3 tiles recall is 0.930 by the verdicts and - by");
    ObjectNode json = summary.json();
    assertThat(json.get("all").get("model").get("recall").asDouble())
        .isCloseTo(980 / 1100.0, within(1e-12));
    assertThat(json.get("all").get("agreement").get("kappa").asDouble())
        .isCloseTo(0.4, within(1e-12));
    assertThat(json.get("estimates").get(0).get("agreement").get("recallBySecond").isNull())
        .isTrue();
    assertThat(new RecallSummary(List.of(liver)).model()).isEmpty();
  }

  @Test
  void shouldPlanByTheShareOfTheBudget() {
    RecallPlanTable plan = new RecallPlanTable(AuditPlan.PRIOR, false, 0.1, 1_729, 0.02);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    plan.addTo(json);

    assertThat(plan.toString()).contains("takes 1729 audited tiles, by a prior", "34.6", "50.0");
    assertThat(json.get("shares").get(2).get("days").asDouble()).isCloseTo(50, within(1e-9));
  }

  @Test
  void shouldDrawRecallOverTime(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("recall.png");

    RecallPlot.write(file, List.of(estimate("kidney", 412, 930, 70, 16)));

    assertThat(Files.size(file)).isPositive();
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
