package io.histoflow.topology;

import static io.histoflow.topology.TestRecords.tile;
import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.ledger.SlideTiles;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slides that are scanned again, mixed up, taken out, or not touched for long. */
class SlideScansTest {
  private static final TopologySettings SETTINGS = TopologySettings.defaults();
  private static final Duration SOON = SETTINGS.reports().updateDelay().plusSeconds(1);
  private static final Duration TIMEOUT = SETTINGS.reports().timeout().plusSeconds(1);
  private static final Duration RETENTION = SETTINGS.reports().retention().plusMinutes(1);

  /** Above the absolute threshold: the first such tile of an organ goes to review. */
  private static final double UNCERTAIN = 0.9;

  private static final double CERTAIN = 0.001;

  @TempDir Path stateDir;
  private RoutingHarness harness;

  @BeforeEach
  void start() {
    harness = new RoutingHarness(SETTINGS, stateDir);
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void shouldNeverCallASlideCompleteThatHasMoreTilesThanItsManifestCounts() {
    // Given: 12 tiles for a manifest of 9, from a scanner that does not tell scans apart
    for (int t = 0; t < 12; t++) {
      harness.segment(tile("s", "t" + t, "kidney", CERTAIN));
    }

    // When
    harness.scan("s", "kidney", 9);
    harness.pass(TIMEOUT);

    // Then
    SlideReport report = last(harness.reports());
    assertThat(report.getStatus()).isEqualTo(ReportStatus.INCOMPLETE);
    assertThat(report.getTilesSeen()).isEqualTo(12);
    assertThat(report.getTilesExpected()).isEqualTo(9);
    assertThat(report.getTilesUnexpected()).isEqualTo(3);
    assertThat(report.getTilesMissing()).isZero();
  }

  @Test
  void shouldTakeACompleteReportBackWhenATileTooManyComes() {
    // Given
    harness.scan("s", "kidney", 1);
    harness.segment(tile("s", "a", "kidney", CERTAIN));
    assertThat(last(harness.reports()).getStatus()).isEqualTo(ReportStatus.COMPLETE);

    // When
    harness.segment(tile("s", "b", "kidney", CERTAIN));
    harness.pass(SOON);

    // Then
    SlideReport report = last(harness.reports());
    assertThat(report.getStatus()).isEqualTo(ReportStatus.INCOMPLETE);
    assertThat(report.getTilesUnexpected()).isEqualTo(1);
  }

  @Test
  void shouldNotCompleteASlideWithTilesThatCannotBeItsOwn() {
    // Given: the number is right, but one names another organ
    harness.scan("organs", "kidney", 2);
    harness.segment(tile("organs", "a", "kidney", CERTAIN));
    harness.segment(tile("organs", "b", "liver", CERTAIN));
    // and two lie at one place of the grid
    SlideScanned grid = TestRecords.manifest("grid", "kidney", 2);
    grid.put("width", 200);
    grid.put("height", 100);
    grid.put("tileSize", 100);
    harness.scan(grid);
    harness.segment(tile("grid", "a", "kidney", CERTAIN));
    harness.segment(tile("grid", "b", "kidney", CERTAIN));

    // When
    harness.pass(TIMEOUT);

    // Then
    assertThat(harness.reportsAndTombstones().values())
        .hasSize(2)
        .allSatisfy(
            report -> {
              assertThat(report.getStatus()).isEqualTo(ReportStatus.INCOMPLETE);
              assertThat(report.getOrgan()).isEqualTo("kidney");
              assertThat(report.getTilesSeen()).isEqualTo(2);
              assertThat(report.getTilesUnexpected()).isEqualTo(1);
            });
  }

  @Test
  void shouldTakeAnOrganThatIsNotNamedForNoOther() {
    // When
    harness.scan("s", "kidney", 2);
    harness.segment(tile("s", "a", "unknown", CERTAIN));
    harness.segment(tile("s", "b", " Kidney ", CERTAIN));

    // Then
    assertThat(last(harness.reports()).getStatus()).isEqualTo(ReportStatus.COMPLETE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldCountTheManifestsScanOnlyInWhateverOrderThingsCome(long seed) {
    // Given: two patients' slides under one id, 4 and 3 tiles, some of the same ids
    List<Runnable> log = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      TileSegmented first = of("first", 0, tile("s", "t" + t, "kidney", CERTAIN));
      log.add(() -> harness.segment(first));
    }
    for (int t = 2; t < 5; t++) {
      TileSegmented second = of("second", 10, tile("s", "t" + t, "kidney", 0.002));
      log.add(() -> harness.segment(second));
    }
    Random random = new Random(seed);
    Collections.shuffle(log, random);
    int earlier = random.nextInt(log.size() + 1);
    log.add(earlier, () -> harness.scan(manifest("s", "first", 5, 4)));
    log.add(
        earlier + 1 + random.nextInt(log.size() - earlier),
        () -> harness.scan(manifest("s", "second", 15, 3)));

    // When
    for (Runnable step : log) {
      step.run();
      harness.pass(random.nextInt(3) == 0 ? TIMEOUT : Duration.ofMillis(10));
    }
    harness.pass(TIMEOUT);

    // Then
    SlideReport report = last(harness.reports());
    assertThat(report.getStatus()).isEqualTo(ReportStatus.COMPLETE);
    assertThat(report.getScanId()).isEqualTo("second");
    assertThat(report.getTilesSeen()).isEqualTo(3);
    assertThat(report.getTilesUnexpected()).isZero();
    assertThat(report.getTotalPixels()).isEqualTo(15_000);
    assertThat(report.getMeanEntropy()).isEqualTo(0.002);
  }

  @Test
  void shouldCloseTheAlertsOfTilesThatAReplacedScanTakesAlong() {
    // Given
    harness.segment(of("first", 0, tile("s", "old", "kidney", UNCERTAIN)));
    harness.segment(of("first", 0, tile("s", "judged", "liver", UNCERTAIN)));
    harness.scan(manifest("s", "first", 5, 2));
    harness.correct("s", "judged");
    harness.segment(of("second", 10, tile("s", "new", "lung", UNCERTAIN)));
    assertThat(harness.alerts()).hasSize(3).allMatch(alert -> alert.value != null);

    // When
    harness.scan(manifest("s", "second", 15, 1));

    // Then
    assertThat(harness.alerts()).containsExactly(KeyValue.pair("old", null));
    SlideReport report = last(harness.reports());
    assertThat(report.getStatus()).isEqualTo(ReportStatus.COMPLETE);
    assertThat(report.getReviewsRequested()).isEqualTo(1);
    assertThat(report.getReviewsOpen()).isEqualTo(1);

    // When: tiles of the scan before come late
    harness.segment(of("first", 1, tile("s", "late", "colon", UNCERTAIN)));
    harness.pass(TIMEOUT);

    // Then
    List<KeyValue<String, io.histoflow.schemas.ReviewRequested>> late = harness.alerts();
    assertThat(late).hasSize(2);
    assertThat(late.get(1)).isEqualTo(KeyValue.pair("late", null));
    assertThat(harness.reports()).isEmpty();
  }

  @Test
  void shouldLeaveTheAlertOfATileThatTheNewScanCallsTheSame() {
    // Given
    harness.segment(of("first", 0, tile("s", "t", "kidney", UNCERTAIN)));
    harness.scan(manifest("s", "first", 5, 1));
    harness.segment(of("second", 10, tile("s", "t", "liver", UNCERTAIN)));
    harness.alerts();

    // When
    harness.scan(manifest("s", "second", 15, 1));

    // Then
    assertThat(harness.alerts()).isEmpty();
  }

  @Test
  void shouldCountAScanThatComesBack() {
    // Given
    harness.segment(of("first", 0, tile("s", "a", "kidney", CERTAIN)));
    harness.scan(manifest("s", "first", 5, 1));
    harness.segment(of("second", 10, tile("s", "b", "kidney", CERTAIN)));
    harness.scan(manifest("s", "second", 15, 1));

    // When: the first file is published once more
    harness.segment(of("first", 20, tile("s", "a", "kidney", CERTAIN)));
    harness.scan(manifest("s", "first", 25, 1));

    // Then
    SlideReport report = last(harness.reports());
    assertThat(report.getStatus()).isEqualTo(ReportStatus.COMPLETE);
    assertThat(report.getScanId()).isEqualTo("first");
  }

  @Test
  void shouldNotAddUpTwoScansWithoutAManifest() {
    // When
    harness.segment(of("first", 0, tile("s", "a", "kidney", CERTAIN)));
    harness.segment(of("second", 10, tile("s", "b", "kidney", CERTAIN)));
    harness.pass(TIMEOUT);

    // Then
    SlideReport report = last(harness.reports());
    assertThat(report.getTilesSeen()).isEqualTo(1);
    assertThat(report.getTilesUnexpected()).isNull();
    assertThat(report.getScanId()).isNull();
  }

  @Test
  void shouldHoldAVerdictThatCameBeforeItsTileForWhicheverScanComes() {
    // Given
    harness.correct("s", "a");

    // When
    harness.segment(of("first", 0, tile("s", "a", "kidney", UNCERTAIN)));
    harness.scan(manifest("s", "first", 5, 1));

    // Then
    assertThat(harness.alerts()).isEmpty();
    assertThat(last(harness.reports()).getStatus()).isEqualTo(ReportStatus.COMPLETE);
  }

  @Test
  void shouldTakeASlideOutWhoseManifestIsDeleted() {
    // Given
    harness.segment(tile("s", "a", "kidney", UNCERTAIN));
    harness.scan("s", "kidney", 1);
    harness.segment(tile("other", "b", "kidney", CERTAIN));
    assertThat(last(harness.reports()).getRevision()).isEqualTo(1);
    assertThat(harness.alerts()).hasSize(1);

    // When
    Instant removedAt = TestRecords.START.plusSeconds(3_600);
    harness.remove("s", removedAt);

    // Then
    assertThat(harness.reportsAndTombstones()).containsEntry("s", null).hasSize(1);
    assertThat(harness.alerts()).containsExactly(KeyValue.pair("a", null));
    assertThat(harness.size(SlideTiles.STORE)).isEqualTo(1);

    // When: a tile that was on its way, and a verdict
    harness.segment(tile("s", "late", "liver", UNCERTAIN));
    harness.correct("s", "a");
    harness.pass(TIMEOUT);

    // Then
    assertThat(harness.reportsAndTombstones().keySet()).containsExactly("other");
    assertThat(harness.alerts()).hasSize(2).endsWith(KeyValue.pair("late", null));
    assertThat(harness.size(SlideTiles.STORE)).isEqualTo(1);

    // When: it is scanned anew, and newer weights are late with the tile of before
    TileSegmented anew = tile("s", "a", "lung", UNCERTAIN);
    anew.put("scannedAt", removedAt.plusSeconds(1));
    harness.segment(anew);
    harness.segment(tile("s", "a", "lung", CERTAIN, 3));
    harness.pass(TIMEOUT);
    assertThat(harness.reports()).as("reports before its manifest").isEmpty();
    harness.scan("s", "lung", 1);

    // Then
    SlideReport report = last(harness.reports());
    assertThat(report.getStatus()).isEqualTo(ReportStatus.COMPLETE);
    assertThat(report.getRevision()).isEqualTo(2);
    assertThat(report.getModelVersions()).containsExactly(0L);
    assertThat(harness.alerts()).hasSize(1).allMatch(alert -> alert.value != null);
  }

  @Test
  void shouldForgetTheTilesOfSlidesThatDoNotChange() {
    // Given
    harness.scan("s", "kidney", 2);
    harness.segment(tile("s", "a", "kidney", CERTAIN));
    harness.segment(tile("s", "b", "kidney", CERTAIN));
    harness.correct("never", "seen");
    assertThat(last(harness.reports()).getStatus()).isEqualTo(ReportStatus.COMPLETE);
    harness.pass(SETTINGS.reports().retention().minusHours(1));
    assertThat(harness.size(SlideTiles.STORE)).isEqualTo(3);

    // When
    harness.pass(RETENTION);

    // Then: a few bytes of the slide stay
    assertThat(harness.size(SlideTiles.STORE)).isZero();
    assertThat(harness.size("slides")).isEqualTo(1);
    assertThat(harness.reports()).isEmpty();

    // When: a verdict, a tile segmented again, and the manifest once more
    harness.correct("s", "a");
    harness.segment(tile("s", "a", "kidney", 0.002, 1));
    harness.pass(TIMEOUT);

    // Then
    assertThat(harness.reports()).as("reports over the better one").isEmpty();

    // When
    harness.pass(RETENTION);
    harness.scan("s", "kidney", 2);
    harness.pass(TIMEOUT);
    assertThat(harness.reports()).as("reports of a manifest without tiles").isEmpty();
    harness.segment(tile("s", "a", "kidney", CERTAIN));
    harness.segment(tile("s", "b", "kidney", CERTAIN));

    // Then: scanned anew, it is reported anew
    SlideReport report = last(harness.reports());
    assertThat(report.getStatus()).isEqualTo(ReportStatus.COMPLETE);
    assertThat(report.getRevision()).isEqualTo(2);
  }

  @Test
  void shouldForgetManySlidesInTheEnd() {
    // Given: more than are looked at in one go
    for (int s = 0; s < 1_200; s++) {
      harness.segment(tile("s" + s, "a", "kidney", CERTAIN));
    }
    harness.pass(TIMEOUT);

    // When
    harness.pass(RETENTION);
    harness.pass(Duration.ofSeconds(11));
    harness.pass(Duration.ofSeconds(11));
    harness.pass(Duration.ofSeconds(11));

    // Then
    assertThat(harness.size(SlideTiles.STORE)).isZero();
  }

  private static SlideScanned manifest(String slideId, String scan, int second, int tiles) {
    SlideScanned manifest = TestRecords.manifest(slideId, "unknown", tiles);
    manifest.put("scanId", scan);
    manifest.put("scannedAt", TestRecords.START.plusSeconds(second));
    return manifest;
  }

  private static TileSegmented of(String scan, int second, TileSegmented tile) {
    tile.put("scanId", scan);
    tile.put("scannedAt", TestRecords.START.plusSeconds(second));
    tile.put("segmentedAt", TestRecords.START.plusSeconds(second + 1));
    return tile;
  }

  private static SlideReport last(List<SlideReport> reports) {
    assertThat(reports).isNotEmpty();
    return reports.get(reports.size() - 1);
  }
}
