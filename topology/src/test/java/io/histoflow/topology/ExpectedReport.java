package io.histoflow.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.schemas.ModelVersionUse;
import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TilePosition;
import io.histoflow.schemas.TileSegmented;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a slide's last report must say, straight from the whole input log. */
final class ExpectedReport {
  private final List<TileSegmented> results = new ArrayList<>();
  private final Set<String> judged = new HashSet<>();
  private final Set<String> alerted;
  private SlideScanned manifest;

  private ExpectedReport(Set<String> alerted) {
    this.alerted = alerted;
  }

  /** Works out the reports of all slides that have a manifest or a tile. */
  static Map<String, ExpectedReport> of(List<SlideInput> log, Set<String> alerted) {
    Map<String, ExpectedReport> slides = new LinkedHashMap<>();
    for (SlideInput input : log) {
      if (input instanceof SlideInput.Manifest m) {
        of(slides, m.slide().getSlideId(), alerted).manifest = m.slide();
      } else if (input instanceof SlideInput.Tile t) {
        of(slides, t.tile().getSlideId(), alerted).results.add(t.tile());
      } else if (input instanceof SlideInput.Judged j) {
        of(slides, j.slideId(), alerted).judged.add(j.tileId());
      }
    }
    slides.values().removeIf(slide -> slide.manifest == null && slide.results.isEmpty());
    return slides;
  }

  private static ExpectedReport of(
      Map<String, ExpectedReport> slides, String id, Set<String> alerted) {
    return slides.computeIfAbsent(id, key -> new ExpectedReport(alerted));
  }

  /** Requires a report to say what the input adds up to. */
  void requireSame(SlideReport report) {
    List<TileSegmented> tiles = standing();
    Integer expected = manifest == null ? null : Integer.valueOf(manifest.getTileCount());
    boolean whole = manifest != null && tiles.size() == manifest.getTileCount();
    assertThat(report.getStatus())
        .isEqualTo(whole ? ReportStatus.COMPLETE : ReportStatus.INCOMPLETE);
    assertThat(report.getTilesSeen()).isEqualTo(tiles.size());
    assertThat(report.getTilesBackground())
        .isEqualTo((int) tiles.stream().filter(TileSegmented::getBackground).count());
    assertThat(report.getTilesExpected()).isEqualTo(expected);
    assertThat(report.getTilesMissing())
        .isEqualTo(expected == null ? null : Integer.valueOf(Math.max(0, expected - tiles.size())));
    assertThat(report.getTilesUnexpected())
        .isEqualTo(expected == null ? null : Integer.valueOf(Math.max(0, tiles.size() - expected)));
    assertThat(report.getMissingTiles()).containsExactlyElementsOf(missing(tiles));
    long pixels = tiles.stream().mapToLong(ExpectedReport::pixels).sum();
    long positive = tiles.stream().mapToLong(ExpectedReport::positive).sum();
    assertThat(report.getTotalPixels()).isEqualTo(pixels);
    assertThat(report.getPositivePixels()).isEqualTo(positive);
    assertThat(report.getPositiveFraction())
        .isEqualTo(pixels == 0 ? 0 : (double) positive / pixels);
    requireArea(report, tiles);
    assertThat(report.getMeanEntropy())
        .isCloseTo(
            tiles.stream().mapToDouble(TileSegmented::getMeanEntropy).average().orElse(0),
            within(1e-12));
    assertThat(report.getMaxMeanEntropy())
        .isEqualTo(tiles.stream().mapToDouble(TileSegmented::getMeanEntropy).max().orElse(0));
    assertThat(report.getMaxTailEntropy())
        .isEqualTo(tiles.stream().mapToDouble(TileSegmented::getTailEntropy).max().orElse(0));
    requireReviews(report, tiles);
    requireVersions(report, tiles);
    assertThat(report.getFirstTileAt())
        .isEqualTo(first(results).map(TileSegmented::getSegmentedAt).orElse(null));
  }

  /** Of each tile the result by the newest weights, the latest of several. */
  private List<TileSegmented> standing() {
    Map<String, TileSegmented> newest = new LinkedHashMap<>();
    Comparator<TileSegmented> order =
        Comparator.comparing(TileSegmented::getModelVersion)
            .thenComparing(TileSegmented::getSegmentedAt);
    for (TileSegmented result : results) {
      newest.merge(
          result.getTileId(), result, (one, other) -> order.compare(one, other) >= 0 ? one : other);
    }
    return List.copyOf(newest.values());
  }

  private List<TilePosition> missing(List<TileSegmented> tiles) {
    if (manifest == null
        || manifest.getWidth() == null
        || manifest.getTileCount() != SlideInput.PLACES.size()) {
      return List.of();
    }
    return SlideInput.PLACES.stream()
        .filter(
            place ->
                tiles.stream().noneMatch(t -> t.getX() == place.getX() && t.getY() == place.getY()))
        .toList();
  }

  private void requireArea(SlideReport report, List<TileSegmented> tiles) {
    List<Double> areas =
        tiles.stream()
            .map(tile -> scale(tile) == null ? null : positive(tile) * scale(tile) * scale(tile))
            .toList();
    int unknown = (int) areas.stream().filter(Objects::isNull).count();
    assertThat(report.getTilesWithoutScale()).isEqualTo(unknown);
    if (tiles.isEmpty() || unknown > 0) {
      assertThat(report.getPositiveAreaSquareMillimetres()).isNull();
    } else {
      assertThat(report.getPositiveAreaSquareMillimetres())
          .isCloseTo(areas.stream().mapToDouble(area -> area).sum() / 1e6, within(1e-12));
    }
  }

  private void requireReviews(SlideReport report, List<TileSegmented> tiles) {
    Set<String> requested = new HashSet<>(tiles.stream().map(TileSegmented::getTileId).toList());
    requested.retainAll(alerted);
    assertThat(report.getReviewsRequested()).isEqualTo(requested.size());
    requested.removeAll(judged);
    assertThat(report.getReviewsOpen()).isEqualTo(requested.size());
  }

  private void requireVersions(SlideReport report, List<TileSegmented> tiles) {
    assertThat(report.getModelVersions())
        .containsExactlyElementsOf(
            new TreeSet<>(tiles.stream().map(TileSegmented::getModelVersion).toList()));
    List<ModelVersionUse> history = new ArrayList<>();
    for (long version :
        new TreeSet<>(results.stream().map(TileSegmented::getModelVersion).toList())) {
      Instant since =
          first(results.stream().filter(r -> r.getModelVersion() == version).toList())
              .orElseThrow()
              .getSegmentedAt();
      int count = (int) tiles.stream().filter(t -> t.getModelVersion() == version).count();
      history.add(new ModelVersionUse(version, count, since));
    }
    assertThat(report.getModelHistory()).isEqualTo(history);
  }

  private static Optional<TileSegmented> first(List<TileSegmented> results) {
    return results.stream().min(Comparator.comparing(TileSegmented::getSegmentedAt));
  }

  private Double scale(TileSegmented tile) {
    if (tile.getMicronsPerPixel() != null) {
      return tile.getMicronsPerPixel();
    }
    return manifest == null ? null : manifest.getMicronsPerPixel();
  }

  private static long pixels(TileSegmented tile) {
    return (long) tile.getWidth() * tile.getHeight();
  }

  private static long positive(TileSegmented tile) {
    return Math.round(tile.getPositiveFraction() * pixels(tile));
  }
}
