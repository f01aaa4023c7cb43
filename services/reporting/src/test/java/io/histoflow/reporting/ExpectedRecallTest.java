package io.histoflow.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.RecallFigures;
import io.histoflow.schemas.SlideReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpectedRecallTest {
  private static final Instant NOW = Instant.parse("2026-01-08T00:00:00Z");

  private final ExpectedRecall expected = ExpectedRecall.following(null);

  @Test
  void shouldSayWhatRecallToExpectOfASlide() {
    // Given
    SlideReport report = Reports.report("s-1", 1, 10);
    long version = report.getModelVersions().get(report.getModelVersions().size() - 1);
    expected.take("a", estimate(report.getOrgan(), version, 412, 0.90, 0.95));
    expected.take("b", estimate(report.getOrgan(), version + 1, 900, 0.90, 0.95));

    // Then
    assertThat(expected.of(report).orElseThrow())
        .containsEntry("recall", 0.93)
        .containsEntry("auditedTiles", 412L)
        .containsEntry(
            "sentence",
            "expected recall of this organ and version here: 0.93, 95 % 0.90-0.95, from 412"
                + " audited tiles");
  }

  @Test
  void shouldSayThatNotEnoughIsAudited() {
    SlideReport report = Reports.report("s-1", 1, 10);
    long version = report.getModelVersions().get(report.getModelVersions().size() - 1);
    expected.take("a", estimate(report.getOrgan(), version, 14, 0.5, 1));

    assertThat(expected.of(report).orElseThrow())
        .containsEntry("sentence", "not enough audited yet: 14 tiles")
        .containsEntry("recall", null);
  }

  @Test
  void shouldStandInTheExport(@TempDir Path folder) throws Exception {
    // Given
    SlideReport report = Reports.report("s-1", 1, 10);
    long version = report.getModelVersions().get(report.getModelVersions().size() - 1);
    expected.take("a", estimate(report.getOrgan(), version, 412, 0.90, 0.95));
    try (ReportStore store = ReportStore.open(folder.resolve("slides.db"))) {
      store.apply(List.of(ReportChange.report(new TopicPartition("t", 0), 0, report)));

      // When
      ReportExport.write(store, folder, expected);
    }

    // Then
    assertThat(Files.readString(folder.resolve(ReportExport.JSON)))
        .contains("\"expectedRecall\"", "from 412 audited tiles");
  }

  private static RecallEstimate estimate(
      String organ, long version, long read, double low, double high) {
    return RecallEstimate.newBuilder()
        .setOrgan(organ)
        .setScanner("")
        .setModelVersion(version)
        .setSlides(60)
        .setTilesAsked(read)
        .setTilesRead(read)
        .setTilesDrawn(read)
        .setTilesDrawnRead(read)
        .setModelPixels(
            RecallFigures.newBuilder()
                .setRecall(0.93)
                .setRecallLow(low)
                .setRecallHigh(high)
                .setPrecisionLow(0)
                .setPrecisionHigh(1)
                .setFound(0)
                .setMissed(0)
                .setWrong(0)
                .setFoundFound(0)
                .setFoundMissed(0)
                .setFoundWrong(0)
                .setMissedMissed(0)
                .setWrongWrong(0)
                .build())
        .setMissedShareLow(0)
        .setMissedShareHigh(1)
        .setSlidesCounted(0)
        .setLevel(0.08)
        .setEvidence(0)
        .setLimit(5)
        .setSince(NOW)
        .setUpdatedAt(NOW)
        .setHistory(List.of())
        .build();
  }
}
