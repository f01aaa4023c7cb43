package io.histoflow.topology;

import static io.histoflow.topology.TestRecords.tile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.schemas.ModelVersionUse;
import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TilePosition;
import io.histoflow.schemas.TileSegmented;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlideReportTest {
  private static final TopologySettings SETTINGS = TopologySettings.defaults();
  private static final Duration SOON = SETTINGS.reports().updateDelay().plusSeconds(1);
  private static final Duration TIMEOUT = SETTINGS.reports().timeout().plusSeconds(1);

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
  void shouldReportASlideOnceItsLastTileIsIn() {
    // Given
    harness.scan("s", "kidney", 2);
    harness.segment(tile("s", "a", "kidney", 0.002));
    assertThat(harness.reports()).isEmpty();

    // When
    harness.segment(tile("s", "b", "kidney", 0.004));

    // Then: two tiles of 100 x 50 pixels of 0.5 micrometres, a fifth positive
    SlideReport report = only(harness.reports());
    assertThat(report.getSlideId()).isEqualTo("s");
    assertThat(report.getOrgan()).isEqualTo("kidney");
    assertThat(report.getStatus()).isEqualTo(ReportStatus.COMPLETE);
    assertThat(report.getTilesSeen()).isEqualTo(2);
    assertThat(report.getTilesExpected()).isEqualTo(2);
    assertThat(report.getTotalPixels()).isEqualTo(10_000);
    assertThat(report.getPositivePixels()).isEqualTo(2_000);
    assertThat(report.getPositiveFraction()).isEqualTo(0.2);
    assertThat(report.getPositiveAreaSquareMillimetres()).isCloseTo(0.0005, within(1e-12));
    assertThat(report.getMeanEntropy()).isCloseTo(0.003, within(1e-12));
    assertThat(report.getMaxMeanEntropy()).isEqualTo(0.004);
    assertThat(report.getMaxTailEntropy()).isEqualTo(0.008);
    assertThat(report.getReviewsRequested()).isZero();
    assertThat(report.getModelVersions()).containsExactly(0L);
    assertThat(report.getFirstTileAt()).isEqualTo(TestRecords.START.plusSeconds(1));
    assertThat(report.getRevision()).isEqualTo(1);
  }

  @Test
  void shouldReportASlideWhoseManifestComesLast() {
    // Given
    harness.segment(tile("s", "a", "kidney", 0.1));
    harness.segment(tile("s", "b", "kidney", 0.1));

    // When
    harness.scan("s", "kidney", 2);

    // Then
    assertThat(only(harness.reports()).getStatus()).isEqualTo(ReportStatus.COMPLETE);
  }

  @Test
  void shouldReportASlideWithoutTilesAtOnce() {
    // When
    harness.scan("s", "kidney", 0);

    // Then
    SlideReport report = only(harness.reports());
    assertThat(report.getStatus()).isEqualTo(ReportStatus.COMPLETE);
    assertThat(report.getTilesSeen()).isZero();
    assertThat(report.getPositiveFraction()).isZero();
    assertThat(report.getPositiveAreaSquareMillimetres()).isNull();
    assertThat(report.getFirstTileAt()).isNull();
  }

  @Test
  void shouldNotCountARepeatedTileTwice() {
    // Given
    harness.scan("s", "kidney", 2);

    // When
    harness.segment(tile("s", "a", "kidney", 0.1));
    harness.segment(tile("s", "a", "kidney", 0.1));

    // Then
    assertThat(harness.reports()).isEmpty();
    harness.segment(tile("s", "b", "kidney", 0.1));
    assertThat(only(harness.reports()).getTilesSeen()).isEqualTo(2);
    harness.segment(tile("s", "b", "kidney", 0.1));
    harness.pass(SOON);
    assertThat(harness.reports()).as("reports after a repetition").isEmpty();
  }

  @Test
  void shouldReportAnUnfinishedSlideAsIncompleteWhenNothingComesAnyMore() {
    // Given
    harness.scan("s", "kidney", 3);
    harness.segment(tile("s", "a", "kidney", 0.1));
    harness.pass(SETTINGS.reports().timeout().minusSeconds(5));
    harness.segment(tile("s", "b", "kidney", 0.1));
    harness.pass(SETTINGS.reports().timeout().minusSeconds(5));
    assertThat(harness.reports()).as("reports while tiles come").isEmpty();

    // When
    harness.pass(TIMEOUT);

    // Then
    SlideReport report = only(harness.reports());
    assertThat(report.getStatus()).isEqualTo(ReportStatus.INCOMPLETE);
    assertThat(report.getTilesSeen()).isEqualTo(2);
    assertThat(report.getTilesExpected()).isEqualTo(3);
    harness.pass(TIMEOUT);
    assertThat(harness.reports()).as("reports without a change").isEmpty();
  }

  @Test
  void shouldReportASlideWithoutManifestAsIncomplete() {
    // Given
    harness.segment(tile("s", "a", "kidney", 0.1));

    // When
    harness.pass(TIMEOUT);

    // Then
    SlideReport report = only(harness.reports());
    assertThat(report.getStatus()).isEqualTo(ReportStatus.INCOMPLETE);
    assertThat(report.getTilesExpected()).isNull();
    assertThat(report.getOrgan()).isEqualTo("kidney");
  }

  @Test
  void shouldCompleteAnIncompleteSlideAtOnceWhenItsLastTileComesLate() {
    // Given
    harness.scan("s", "kidney", 2);
    harness.segment(tile("s", "a", "kidney", 0.1));
    harness.pass(TIMEOUT);
    assertThat(only(harness.reports()).getStatus()).isEqualTo(ReportStatus.INCOMPLETE);

    // When
    harness.segment(tile("s", "b", "kidney", 0.1));

    // Then
    SlideReport report = only(harness.reports());
    assertThat(report.getStatus()).isEqualTo(ReportStatus.COMPLETE);
    assertThat(report.getRevision()).isEqualTo(2);
  }

  @Test
  void shouldReportAgainWhenReviewsClose() {
    // Given: a tile far above the absolute threshold
    harness.scan("s", "kidney", 1);
    harness.segment(tile("s", "a", "kidney", 0.9));
    SlideReport first = only(harness.reports());
    assertThat(first.getReviewsRequested()).isEqualTo(1);
    assertThat(first.getReviewsOpen()).isEqualTo(1);

    // When
    harness.correct("s", "a");
    harness.pass(SOON);

    // Then
    SlideReport second = only(harness.reports());
    assertThat(second.getReviewsRequested()).isEqualTo(1);
    assertThat(second.getReviewsOpen()).isZero();
    assertThat(second.getRevision()).isEqualTo(2);
    harness.correct("s", "a");
    harness.pass(SOON);
    assertThat(harness.reports()).as("reports after a second verdict on the tile").isEmpty();
  }

  @Test
  void shouldCollectChangesOfAReportedSlideInOneReport() {
    // Given
    harness.scan("s", "kidney", 1);
    harness.segment(tile("s", "a", "kidney", 0.1));
    harness.reports();

    // When
    for (int i = 0; i < 50; i++) {
      harness.segment(tile("s", "late" + i, "kidney", 0.1));
    }
    assertThat(harness.reports()).isEmpty();
    harness.pass(SOON);

    // Then
    assertThat(only(harness.reports()).getTilesSeen()).isEqualTo(51);
  }

  @Test
  void shouldReplaceATileThatANewerModelSegmentedAgain() {
    // Given
    harness.scan("s", "kidney", 1);
    harness.segment(tile("s", "a", "kidney", 0.2));
    harness.reports();

    // When: version 2, then version 1 late
    harness.segment(tile("s", "a", "kidney", 0.1, 2));
    harness.segment(tile("s", "a", "kidney", 0.15, 1));
    harness.pass(SOON);

    // Then
    SlideReport report = only(harness.reports());
    assertThat(report.getTilesSeen()).isEqualTo(1);
    assertThat(report.getMeanEntropy()).isEqualTo(0.1);
    assertThat(report.getMaxMeanEntropy()).isEqualTo(0.1);
    assertThat(report.getModelVersions()).containsExactly(2L);
  }

  @Test
  void shouldKeepSlidesWithOneNameInFrontOfAnotherApart() {
    // When
    harness.scan("s", "kidney", 1);
    harness.scan("s1", "kidney", 1);
    harness.segment(tile("s1", "a", "kidney", 0.1));
    harness.segment(tile("s", "1a", "kidney", 0.1));

    // Then
    assertThat(harness.reports()).extracting(SlideReport::getTilesSeen).containsExactly(1, 1);
  }

  @Test
  void shouldSayNothingOfTheAreaWhereTheScaleOfATileIsUnknown() {
    // Given
    harness.scan("s", "kidney", 2);
    harness.segment(tile("s", "a", "kidney", 0.1));
    TileSegmented unknownScale = tile("s", "b", "kidney", 0.1);
    unknownScale.put("micronsPerPixel", null);

    // When
    harness.segment(unknownScale);

    // Then
    SlideReport report = only(harness.reports());
    assertThat(report.getPositiveAreaSquareMillimetres()).isNull();
    assertThat(report.getTilesWithoutScale()).isEqualTo(1);
  }

  @Test
  void shouldTakeTheScaleOfTheManifestWhereATileNamesNone() {
    // Given: a slide of 0.25 micrometres a pixel, and a tile that says nothing
    harness.scan(withScale(TestRecords.manifest("s", "kidney", 2), 0.25));
    TileSegmented silent = tile("s", "b", "kidney", 0.1);
    silent.put("micronsPerPixel", null);

    // When
    harness.segment(tile("s", "a", "kidney", 0.1));
    harness.segment(silent);

    // Then: 1,000 pixels of 0.5 x 0.5 and 1,000 of 0.25 x 0.25 micrometres
    SlideReport report = only(harness.reports());
    assertThat(report.getTilesWithoutScale()).isZero();
    assertThat(report.getPositiveAreaSquareMillimetres())
        .isCloseTo((1_000 * 0.25 + 1_000 * 0.0625) / 1e6, within(1e-12));
  }

  @Test
  void shouldNameTheTilesThatAreMissing() {
    // Given: tiles of 100 pixels on 250 x 100: at 0, 100 and, shifted back, 150
    harness.scan(withGrid(TestRecords.manifest("s", "kidney", 3), 250, 100));
    harness.segment(at(tile("s", "b", "kidney", 0.1), 100, 0));

    // When
    harness.pass(TIMEOUT);

    // Then
    SlideReport report = only(harness.reports());
    assertThat(report.getStatus()).isEqualTo(ReportStatus.INCOMPLETE);
    assertThat(report.getTilesMissing()).isEqualTo(2);
    assertThat(report.getMissingTiles())
        .containsExactly(new TilePosition(0, 0), new TilePosition(150, 0));

    // When
    harness.segment(at(tile("s", "a", "kidney", 0.1), 0, 0));
    harness.segment(at(tile("s", "c", "kidney", 0.1), 150, 0));

    // Then
    SlideReport complete = last(harness.reports());
    assertThat(complete.getStatus()).isEqualTo(ReportStatus.COMPLETE);
    assertThat(complete.getTilesMissing()).isZero();
    assertThat(complete.getMissingTiles()).isEmpty();
  }

  @Test
  void shouldSayHowManyTilesAreMissingWhereTheirPlacesAreNotKnown() {
    // Given: a slide of several images, and one whose tile lies where its grid has none
    harness.scan("several", "kidney", 3);
    harness.segment(tile("several", "a", "kidney", 0.1));
    harness.scan(withGrid(TestRecords.manifest("strange", "kidney", 3), 250, 100));
    harness.segment(at(tile("strange", "a", "kidney", 0.1), 7, 0));

    // When
    harness.pass(TIMEOUT);

    // Then
    assertThat(harness.reports())
        .hasSize(2)
        .allSatisfy(
            report -> {
              assertThat(report.getTilesMissing()).isEqualTo(2);
              assertThat(report.getMissingTiles()).isEmpty();
            });
  }

  @Test
  void shouldKeepTheHistoryOfModelVersions() {
    // Given
    harness.scan("s", "kidney", 2);
    harness.segment(tile("s", "a", "kidney", 0.1));
    harness.segment(tile("s", "b", "kidney", 0.1));
    harness.reports();

    // When: version 2 segments one tile again, and a result of version 1 comes late
    harness.segment(later(tile("s", "a", "kidney", 0.1, 2), 60));
    harness.segment(later(tile("s", "a", "kidney", 0.1, 1), 30));
    harness.pass(SOON);

    // Then
    SlideReport report = only(harness.reports());
    assertThat(report.getModelVersions()).containsExactly(0L, 2L);
    assertThat(report.getModelHistory())
        .containsExactly(
            new ModelVersionUse(0L, 1, TestRecords.START.plusSeconds(1)),
            new ModelVersionUse(1L, 0, TestRecords.START.plusSeconds(31)),
            new ModelVersionUse(2L, 1, TestRecords.START.plusSeconds(61)));
  }

  @Test
  void shouldBoundTheHistoryAndStillAccountForEveryTile() {
    // Given
    harness.scan("s", "kidney", 2);
    harness.segment(tile("s", "a", "kidney", 0.1, 1));
    harness.segment(tile("s", "b", "kidney", 0.1, 1));

    // When: a hundred and fifty versions follow on one of the tiles
    for (int version = 2; version <= 151; version++) {
      harness.segment(later(tile("s", "b", "kidney", 0.1, version), version));
    }
    harness.pass(SOON);

    // Then: the newest hundred, and the one that a tile still stands on
    List<ModelVersionUse> history = last(harness.reports()).getModelHistory();
    assertThat(history).hasSize(101);
    assertThat(history.get(0))
        .isEqualTo(new ModelVersionUse(1L, 1, TestRecords.START.plusSeconds(1)));
    assertThat(history.get(1).getVersion()).isEqualTo(52);
    assertThat(history.stream().mapToInt(ModelVersionUse::getTiles).sum()).isEqualTo(2);
  }

  @Test
  void shouldTakeTheLatestOfTwoResultsByTheSameWeights() {
    // Given
    harness.scan("s", "kidney", 1);
    TileSegmented scannedAgain = later(tile("s", "a", "kidney", 0.1), 60);
    scannedAgain.put("positiveFraction", 0.7);

    // When: the later one overtakes the earlier one
    harness.segment(scannedAgain);
    harness.segment(tile("s", "a", "kidney", 0.1));
    harness.pass(SOON);

    // Then
    SlideReport report = last(harness.reports());
    assertThat(report.getPositiveFraction()).isEqualTo(0.7);
    assertThat(report.getFirstTileAt()).isEqualTo(TestRecords.START.plusSeconds(1));
  }

  @Test
  void shouldStaySilentWhenTheSameResultIsMadeAgain() {
    // Given
    harness.scan("s", "kidney", 1);
    harness.segment(tile("s", "a", "kidney", 0.1));
    harness.reports();

    // When
    harness.segment(later(tile("s", "a", "kidney", 0.1), 60));
    harness.pass(SOON);

    // Then
    assertThat(harness.reports()).isEmpty();
  }

  private static SlideScanned withScale(SlideScanned manifest, double microns) {
    manifest.put("micronsPerPixel", microns);
    return manifest;
  }

  private static SlideScanned withGrid(SlideScanned manifest, int width, int height) {
    manifest.put("width", width);
    manifest.put("height", height);
    manifest.put("tileSize", 100);
    manifest.put("overlap", 0);
    return manifest;
  }

  private static TileSegmented at(TileSegmented tile, int x, int y) {
    tile.put("x", x);
    tile.put("y", y);
    return tile;
  }

  private static TileSegmented later(TileSegmented tile, int seconds) {
    tile.put("segmentedAt", tile.getSegmentedAt().plusSeconds(seconds));
    return tile;
  }

  private static SlideReport last(List<SlideReport> reports) {
    assertThat(reports).isNotEmpty();
    return reports.get(reports.size() - 1);
  }

  private static SlideReport only(List<SlideReport> reports) {
    assertThat(reports).hasSize(1);
    return reports.get(0);
  }
}
