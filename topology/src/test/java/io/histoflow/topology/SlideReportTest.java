package io.histoflow.topology;

import static io.histoflow.topology.RoutingHarness.tile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.TileSegmented;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlideReportTest {
  private static final RoutingSettings SETTINGS = RoutingSettings.defaults();
  private static final Duration SOON = SETTINGS.reportUpdateDelay().plusSeconds(1);
  private static final Duration TIMEOUT = SETTINGS.reportTimeout().plusSeconds(1);

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
    harness.segment(tile("s", "a", "kidney", 0.05));
    assertThat(harness.reports()).isEmpty();

    // When
    harness.segment(tile("s", "b", "kidney", 0.1));

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
    assertThat(report.getMeanEntropy()).isCloseTo(0.075, within(1e-12));
    assertThat(report.getMaxMeanEntropy()).isEqualTo(0.1);
    assertThat(report.getMaxTailEntropy()).isEqualTo(0.2);
    assertThat(report.getReviewsRequested()).isZero();
    assertThat(report.getModelVersions()).containsExactly(0L);
    assertThat(report.getFirstTileAt()).isEqualTo(RoutingHarness.START.plusSeconds(1));
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
    harness.pass(SETTINGS.reportTimeout().minusSeconds(5));
    harness.segment(tile("s", "b", "kidney", 0.1));
    harness.pass(SETTINGS.reportTimeout().minusSeconds(5));
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
    assertThat(only(harness.reports()).getPositiveAreaSquareMillimetres()).isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shouldReportWhatTheInputAddsUpToInWhateverOrderItComes(long seed) {
    // Given: slides, tiles (some repeated, some segmented again), manifests, verdicts, shuffled
    Random random = new Random(seed);
    List<Runnable> input = new ArrayList<>();
    Map<String, TileSegmented> newest = new LinkedHashMap<>();
    Set<String> judged = new HashSet<>();
    Map<String, Integer> expected = new LinkedHashMap<>();
    for (int s = 0; s < 5; s++) {
      String slide = "slide-" + s;
      int count = random.nextInt(12);
      expected.put(slide, count + (s == 4 ? 1 : 0));
      input.add(() -> harness.scan(slide, "kidney", expected.get(slide)));
      for (int t = 0; t < count; t++) {
        String id = slide + "/" + t;
        for (long version = 0; version <= random.nextInt(3); version++) {
          TileSegmented tile = tile(slide, id, "kidney", random.nextDouble(), version);
          newest.put(id, tile);
          for (int copies = 1 + random.nextInt(2); copies > 0; copies--) {
            input.add(() -> harness.segment(tile));
          }
        }
        if (random.nextInt(4) == 0) {
          judged.add(id);
          input.add(() -> harness.correct(slide, id));
        }
      }
    }
    Collections.shuffle(input, random);

    // When
    input.forEach(
        step -> {
          step.run();
          harness.pass(Duration.ofMillis(random.nextInt(2_000)));
        });
    harness.pass(TIMEOUT);

    // Then
    List<SlideReport> published = harness.reports();
    Set<String> alerted = new HashSet<>();
    for (KeyValue<String, ReviewRequested> alert : harness.alerts()) {
      assertThat(alerted.add(alert.key)).as("first alert of %s", alert.key).isTrue();
    }
    Map<String, SlideReport> reports = new LinkedHashMap<>();
    for (SlideReport report : published) {
      SlideReport before = reports.put(report.getSlideId(), report);
      assertThat(report.getRevision()).isEqualTo(before == null ? 1 : before.getRevision() + 1);
    }
    assertThat(reports.keySet())
        .isEqualTo(expected.keySet().stream().collect(java.util.stream.Collectors.toSet()));
    reports.forEach(
        (slide, report) -> {
          List<TileSegmented> tiles =
              newest.values().stream().filter(tile -> tile.getSlideId().equals(slide)).toList();
          assertThat(report.getTilesSeen()).isEqualTo(tiles.size());
          assertThat(report.getTilesExpected()).isEqualTo(expected.get(slide));
          assertThat(report.getStatus())
              .isEqualTo(
                  tiles.size() >= expected.get(slide)
                      ? ReportStatus.COMPLETE
                      : ReportStatus.INCOMPLETE);
          assertThat(report.getMeanEntropy())
              .isCloseTo(
                  tiles.stream().mapToDouble(TileSegmented::getMeanEntropy).average().orElse(0),
                  within(1e-12));
          assertThat(report.getModelVersions())
              .containsExactlyElementsOf(
                  new TreeSet<>(tiles.stream().map(TileSegmented::getModelVersion).toList()));
          Set<String> alerts = new HashSet<>(tiles.stream().map(TileSegmented::getTileId).toList());
          alerts.retainAll(alerted);
          assertThat(report.getReviewsRequested()).isEqualTo(alerts.size());
          alerts.removeAll(judged);
          assertThat(report.getReviewsOpen()).isEqualTo(alerts.size());
        });
  }

  private static SlideReport only(List<SlideReport> reports) {
    assertThat(reports).hasSize(1);
    return reports.get(0);
  }
}
