package io.histoflow.reporting;

import io.histoflow.schemas.SlideReport;
import java.time.Instant;
import java.util.List;

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
    int revision) {

  public SlideRow {
    modelVersions = List.copyOf(modelVersions);
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
        report.getRevision());
  }
}
