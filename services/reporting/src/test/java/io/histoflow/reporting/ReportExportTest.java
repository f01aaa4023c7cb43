package io.histoflow.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.schemas.SlideReport;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportExportTest {
  private static final TopicPartition PARTITION = new TopicPartition("reports", 0);

  @TempDir Path directory;
  private ReportStore store;

  @BeforeEach
  void open() {
    store = ReportStore.open(directory.resolve("slides.db"));
    store.apply(
        List.of(
            ReportChange.report(PARTITION, 0, Reports.report("a, \"quoted\" slide", 2, 7)),
            ReportChange.report(PARTITION, 1, Reports.empty("=cmd()"))));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void shouldWriteEverySlideAsCsv() throws IOException {
    // When
    ReportExport.write(store, directory.resolve("out"));

    // Then
    List<CSVRecord> rows = csv(directory.resolve("out/slides.csv"));
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).get("slide_id")).as("no formula for a spreadsheet").isEqualTo("'=cmd()");
    assertThat(rows.get(0).get("tiles_expected")).isEmpty();
    assertThat(rows.get(0).get("first_tile_at")).isEmpty();
    CSVRecord full = rows.get(1);
    assertThat(full.get("slide_id")).isEqualTo("a, \"quoted\" slide");
    assertThat(full.get("status")).isEqualTo("COMPLETE");
    assertThat(full.get("tiles_seen")).isEqualTo("7");
    assertThat(full.get("positive_fraction")).isEqualTo("0.2");
    assertThat(full.get("positive_area_mm2")).isEqualTo("5.0E-4");
    assertThat(full.get("model_versions")).isEqualTo("0 2");
    assertThat(full.get("first_tile_at")).isEqualTo("2026-01-02T03:04:05.678Z");
    assertThat(full.get("revision")).isEqualTo("2");
    assertThat(full.get("tiles_missing")).isEqualTo("2");
    assertThat(full.get("missing_tiles")).isEqualTo("0,0 150,80");
    assertThat(full.get("model_history"))
        .startsWith("0=3@2026-01-02T03:04:05.678Z 1=0@2026-01-02T03:04:06.678Z 2=4@");
    assertThat(full.get("tiles_background")).isEqualTo("4");
    assertThat(full.get("tiles_unexpected")).isEqualTo("0");
    assertThat(full.get("tiles_off_scale")).isEqualTo("5");
    assertThat(full.get("tiles_with_ink")).isEqualTo("6");
    assertThat(full.get("scan_id")).isEqualTo("scan-1");
    assertThat(rows.get(0).get("scan_id")).isEmpty();
    assertThat(rows.get(0).get("missing_tiles")).isEmpty();
  }

  @Test
  void shouldWriteEverySlideAsJson() throws IOException {
    // When
    ReportExport.write(store, directory.resolve("out"));

    // Then
    JsonNode slides =
        new ObjectMapper().readTree(directory.resolve("out/slides.json").toFile()).get("slides");
    assertThat(slides).hasSize(2);
    assertThat(slides.get(0).get("slideId").asText()).isEqualTo("=cmd()");
    assertThat(slides.get(0).get("tilesExpected").isNull()).isTrue();
    assertThat(slides.get(0).get("firstTileAt").isNull()).isTrue();
    JsonNode full = slides.get(1);
    assertThat(full.get("tilesExpected").asInt()).isEqualTo(7);
    assertThat(full.get("positiveAreaSquareMillimetres").asDouble()).isEqualTo(0.0005);
    assertThat(full.get("modelVersions").toString()).isEqualTo("[0,2]");
    assertThat(full.get("reportedAt").asText()).isEqualTo("2026-01-02T03:04:06.678Z");
    assertThat(full.get("missingTiles").toString())
        .isEqualTo("[{\"x\":0,\"y\":0},{\"x\":150,\"y\":80}]");
    assertThat(full.get("modelHistory").get(2).toString())
        .isEqualTo("{\"version\":2,\"tiles\":4,\"firstSegmentedAt\":\"2026-01-02T03:04:07.678Z\"}");
    assertThat(full.get("tilesBackground").asInt()).isEqualTo(4);
    assertThat(full.get("tilesOffScale").asInt()).isEqualTo(5);
    assertThat(full.get("scanId").asText()).isEqualTo("scan-1");
    assertThat(full.get("expectedRecall").isNull()).isTrue();
    assertThat(full.size()).isEqualTo(SlideReport.getClassSchema().getFields().size() + 1);
  }

  @Test
  void shouldWriteNoFormulaIntoACellHoweverItIsHidden() throws IOException {
    // Given
    List<String> ids = List.of("=cmd|'/c calc'!A1", " =1+1", "\n@SUM(1)", "\uFF1D1+1", "-1", "+1");
    for (int i = 0; i < ids.size(); i++) {
      store.apply(
          List.of(ReportChange.report(PARTITION, 10 + i, Reports.report(ids.get(i), 1, 1))));
    }

    // When
    ReportExport.write(store, directory.resolve("out"));

    // Then
    assertThat(csv(directory.resolve("out/slides.csv")))
        .extracting(row -> row.get("slide_id"))
        .hasSize(ids.size() + 2)
        .allMatch(id -> id.startsWith("'") || id.startsWith("a"));
  }

  @Test
  void shouldReplaceTheFilesAndLeaveNothingElse() throws IOException {
    // Given
    Path out = directory.resolve("out");
    ReportExport.write(store, out);

    // When
    store.apply(List.of(ReportChange.deletion(PARTITION, 2, "=cmd()")));
    ReportExport.write(store, out);

    // Then
    assertThat(csv(out.resolve("slides.csv"))).hasSize(1);
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("slides.csv", "slides.json");
    }
  }

  private static List<CSVRecord> csv(Path file) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader reader = Files.newBufferedReader(file)) {
      return format.parse(reader).getRecords();
    }
  }
}
