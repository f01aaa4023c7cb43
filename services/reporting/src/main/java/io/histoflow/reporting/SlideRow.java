package io.histoflow.reporting;

import io.histoflow.schemas.SlideReport;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The latest report of one slide, as the database holds it and the exports show it. Fields are
 * those of the contract {@code SlideReport}, with the same units and ranges.
 *
 * @param slideId id of the slide
 * @param organ organ of the slide
 * @param status COMPLETE, INCOMPLETE, or UNKNOWN for a status that this release does not know
 * @param tilesSeen distinct tiles segmented
 * @param tilesExpected tiles in the manifest; null where it has not come
 * @param positivePixels positive pixels over all tiles
 * @param totalPixels pixels over all tiles
 * @param positiveFraction 0..1
 * @param positiveAreaSquareMillimetres mm2; null where the scale is not known for every tile
 * @param meanEntropy bits per pixel, 0..1
 * @param maxMeanEntropy bits per pixel, 0..1
 * @param maxTailEntropy bits per pixel, 0..1
 * @param reviewsRequested alerts raised
 * @param reviewsOpen alerts without a verdict
 * @param modelVersions versions that segmented the tiles, ascending
 * @param firstTileAt when the first tile was segmented; null without tiles
 * @param reportedAt when the report was made
 * @param revision number of the report, 1 or more
 * @param tilesMissing tiles of the manifest that are not in; null where it has not come
 * @param missingTiles where they lie, the first 100; empty where that is not known
 * @param tilesWithoutScale tiles whose micrometres per pixel are not known; null where the report
 *     does not say
 * @param modelHistory every version that segmented a tile, ascending
 * @param tilesBackground tiles seen whose present result is background, glass without tissue
 * @param tilesUnexpected tiles seen that the manifest does not count; null where it has not come
 * @param tilesOffScale tiles of another scale than the model's; null where the report does not say
 * @param tilesWithInk tiles with pen ink on the glass; null where the report does not say
 * @param scanId scan of the slide that the report counts; null where its manifest names none
 */
public record SlideRow(
    String slideId,
    String organ,
    String status,
    int tilesSeen,
    Integer tilesExpected,
    long positivePixels,
    long totalPixels,
    double positiveFraction,
    Double positiveAreaSquareMillimetres,
    double meanEntropy,
    double maxMeanEntropy,
    double maxTailEntropy,
    int reviewsRequested,
    int reviewsOpen,
    List<Long> modelVersions,
    Instant firstTileAt,
    Instant reportedAt,
    int revision,
    Integer tilesMissing,
    List<Position> missingTiles,
    Integer tilesWithoutScale,
    List<VersionUse> modelHistory,
    int tilesBackground,
    Integer tilesUnexpected,
    Integer tilesOffScale,
    Integer tilesWithInk,
    String scanId) {

  public SlideRow {
    modelVersions = List.copyOf(modelVersions);
    missingTiles = List.copyOf(missingTiles);
    modelHistory = List.copyOf(modelHistory);
  }

  /**
   * Where a tile lies; as text {@code x,y}.
   *
   * @param x left edge in level-0 pixels
   * @param y top edge in level-0 pixels
   */
  public record Position(int x, int y) {
    static Position parse(String text) {
      String[] parts = text.split(",", 2);
      return new Position(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    @Override
    public String toString() {
      return x + "," + y;
    }
  }

  /**
   * What one version of the weights has done for a slide; as text {@code version=tiles@since}.
   *
   * @param version version of the decoder weights
   * @param tiles tiles whose present segmentation is by it
   * @param firstSegmentedAt when it segmented a tile of the slide for the first time
   */
  public record VersionUse(long version, int tiles, Instant firstSegmentedAt) {
    static VersionUse parse(String text) {
      String[] parts = text.split("[=@]", 3);
      return new VersionUse(
          Long.parseLong(parts[0]), Integer.parseInt(parts[1]), Instant.parse(parts[2]));
    }

    @Override
    public String toString() {
      return version + "=" + tiles + "@" + firstSegmentedAt;
    }
  }

  /** Writes a list as one cell, with spaces between. */
  static String cell(List<?> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  /** Reads such a cell; an absent one is an empty list. */
  static <T> List<T> parseCell(String cell, Function<String, T> parser) {
    return cell == null
        ? List.of()
        : Arrays.stream(cell.split(" ")).filter(text -> !text.isEmpty()).map(parser).toList();
  }

  /** Takes a report over. */
  static SlideRow of(SlideReport report) {
    return new SlideRow(
        report.getSlideId(),
        report.getOrgan(),
        report.getStatus().name(),
        report.getTilesSeen(),
        report.getTilesExpected(),
        report.getPositivePixels(),
        report.getTotalPixels(),
        report.getPositiveFraction(),
        report.getPositiveAreaSquareMillimetres(),
        report.getMeanEntropy(),
        report.getMaxMeanEntropy(),
        report.getMaxTailEntropy(),
        report.getReviewsRequested(),
        report.getReviewsOpen(),
        report.getModelVersions(),
        report.getFirstTileAt(),
        report.getReportedAt(),
        report.getRevision(),
        report.getTilesMissing(),
        report.getMissingTiles().stream()
            .map(tile -> new Position(tile.getX(), tile.getY()))
            .toList(),
        report.getTilesWithoutScale(),
        report.getModelHistory().stream()
            .map(use -> new VersionUse(use.getVersion(), use.getTiles(), use.getFirstSegmentedAt()))
            .toList(),
        report.getTilesBackground(),
        report.getTilesUnexpected(),
        report.getTilesOffScale(),
        report.getTilesWithInk(),
        report.getScanId());
  }
}
