package io.histoflow.reporting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.histoflow.schemas.SlideReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportStoreTest {
  private static final TopicPartition PARTITION = new TopicPartition("reports", 3);

  @TempDir Path directory;
  private Path file;
  private ReportStore store;

  @BeforeEach
  void open() {
    file = directory.resolve("sub/slides.db");
    store = ReportStore.open(file);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void shouldHoldEveryFieldOfAReport() {
    // Given
    SlideReport full = Reports.report("s", 1, 7);
    SlideReport empty = Reports.empty("t");

    // When
    store.apply(
        List.of(ReportChange.report(PARTITION, 0, full), ReportChange.report(PARTITION, 1, empty)));

    // Then
    assertThat(rows()).containsExactly(full, empty);
  }

  @Test
  void shouldKeepTheHighestRevisionWhateverTheOrder() {
    // Given
    List<ReportChange> changes = new ArrayList<>();
    for (int revision = 1; revision <= 20; revision++) {
      SlideReport row = Reports.report("s", revision, revision);
      changes.add(ReportChange.report(PARTITION, revision, row));
      changes.add(ReportChange.report(PARTITION, revision, row));
    }
    Collections.shuffle(changes, new Random(1));

    // When
    store.apply(changes);

    // Then
    assertThat(rows())
        .singleElement()
        .satisfies(row -> assertThat(row.getTilesSeen()).isEqualTo(20));
  }

  @Test
  void shouldForgetASlideThatIsDeleted() {
    // Given
    store.apply(List.of(report(0, "s", 5)));

    // When
    store.apply(List.of(ReportChange.deletion(PARTITION, 1, "s")));

    // Then
    assertThat(rows()).isEmpty();
    store.apply(List.of(report(2, "s", 1)));
    assertThat(rows()).hasSize(1);
  }

  @Test
  void shouldRememberWhereToReadOn() {
    // When
    store.apply(List.of(report(4, "s", 1), ReportChange.unreadable(PARTITION, 5)));
    store.close();
    store = ReportStore.open(file);

    // Then
    assertThat(store.positions()).containsOnly(java.util.Map.entry(PARTITION, 6L));
    assertThat(rows()).hasSize(1);
  }

  @Test
  void shouldApplyAllOfABatchOrNothing() {
    // Given: the second report breaks a constraint of the table
    SlideReport good = Reports.report("s", 1, 1);
    SlideReport bad = Reports.report("t", 1, 1);
    bad.put("organ", null);

    // When / Then
    assertThatExceptionOfType(ReportStoreException.class)
        .isThrownBy(
            () ->
                store.apply(
                    List.of(
                        ReportChange.report(PARTITION, 0, good),
                        ReportChange.report(PARTITION, 1, bad))))
        .withMessageContaining(file.toString());
    assertThat(rows()).isEmpty();
    assertThat(store.positions()).isEmpty();
  }

  @Test
  void shouldRefuseTheReportsOfAnotherCluster() {
    // Given
    store.claim("cluster-1");
    store.claim("cluster-1");

    // When / Then
    assertThatExceptionOfType(ReportStoreException.class)
        .isThrownBy(() -> store.claim("cluster-2"))
        .withMessageContaining("cluster-1")
        .withMessageContaining("histoflow.reporting.database");
  }

  @Test
  void shouldRefuseAFileThatIsNoDatabase() throws Exception {
    // Given
    Path text = Files.writeString(directory.resolve("notes.db"), "no database at all, only text");

    // When / Then
    assertThatExceptionOfType(ReportStoreException.class)
        .isThrownBy(() -> ReportStore.open(text))
        .withMessageContaining("notes.db");
  }

  @Test
  void shouldReadTheTopicAgainWhereTheDatabaseHasAnEarlierFormat() throws Exception {
    // Given
    store.claim("cluster-1");
    store.apply(List.of(report(0, "old", 1)));
    store.close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("ALTER TABLE slide_report DROP COLUMN scan_id");
      statement.executeUpdate("PRAGMA user_version = 3");
    }

    // When
    store = ReportStore.open(file);

    // Then
    assertThat(rows()).isEmpty();
    assertThat(store.positions()).isEmpty();
    store.apply(List.of(report(0, "old", 1)));
    assertThat(rows()).hasSize(1);
  }

  @Test
  void shouldKeepOddIdsAsTheyAre() {
    // Given
    List<String> ids =
        List.of("Robert'); DROP TABLE slide_report;--", "a\nb", "\"q\"", "\uD83D\uDD2C", "\u00E9");

    // When
    for (int i = 0; i < ids.size(); i++) {
      store.apply(List.of(report(i, ids.get(i), 1)));
    }

    // Then
    assertThat(rows()).extracting(SlideReport::getSlideId).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void shouldRefuseADatabaseOfALaterRelease() throws Exception {
    // Given
    store.close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA user_version = 99");
    }

    // When / Then
    assertThatExceptionOfType(ReportStoreException.class)
        .isThrownBy(() -> ReportStore.open(file))
        .withMessageContaining("format 99");
  }

  @Test
  void shouldBeReadableByAnotherStoreWhileOneWrites() {
    // Given
    try (ReportStore reader = ReportStore.open(file)) {
      // When
      store.apply(List.of(report(0, "s", 1)));

      // Then
      List<SlideReport> read = new ArrayList<>();
      reader.forEach(read::add);
      assertThat(read).hasSize(1);
    }
  }

  private static ReportChange report(long offset, String slideId, int revision) {
    return ReportChange.report(PARTITION, offset, Reports.report(slideId, revision, 1));
  }

  private List<SlideReport> rows() {
    List<SlideReport> rows = new ArrayList<>();
    store.forEach(rows::add);
    return rows;
  }
}
