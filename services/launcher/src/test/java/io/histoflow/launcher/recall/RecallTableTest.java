package io.histoflow.launcher.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.platform.testing.RecallEstimates;
import io.histoflow.recall.AuditPlan;
import io.histoflow.results.recall.RecallSummary;
import io.histoflow.schemas.ReaderAgreement;
import io.histoflow.schemas.RecallAlarm;
import io.histoflow.schemas.RecallEstimate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecallTableTest {
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
    liver.put("routedModelPixels", RecallEstimates.figures(50, 50, 4).build());
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
  void shouldSayThatMoreIsMissedOfAllOrgansTogether() {
    RecallAlarm alarm =
        RecallAlarm.newBuilder()
            .setOrgan("")
            .setScanner("")
            .setModelVersion(3)
            .setMissedShare(0.104)
            .setMissedShareLow(0.09)
            .setLevel(0.08)
            .setSlides(240)
            .setEvidence(6)
            .setLimit(5.6)
            .setDetectedAt(RecallEstimates.NOW)
            .setAllOrgans(true)
            .build();

    assertThat(RecallTable.sentence(alarm))
        .isEqualTo(
            "All organs together, version 3: 0.104 is missed on average, more than the promised"
                + " 0.08, by 240 slides until 2026-01-08T00:00:00Z.");
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
    return RecallEstimates.of(organ, read)
        .setModelPixels(RecallEstimates.figures(found, missed, variance).build())
        .setSystemPixels(RecallEstimates.figures(found, missed / 2, variance).build())
        .build();
  }
}
