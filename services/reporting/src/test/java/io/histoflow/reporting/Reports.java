package io.histoflow.reporting;

import io.histoflow.schemas.ModelVersionUse;
import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.TilePosition;
import java.time.Instant;
import java.util.List;

/** Reports to test with. */
final class Reports {
  static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

  private Reports() {}

  static SlideReport report(String slideId, int revision, int tilesSeen) {
    return SlideReport.newBuilder()
        .setSlideId(slideId)
        .setOrgan("kidney")
        .setStatus(ReportStatus.COMPLETE)
        .setTilesSeen(tilesSeen)
        .setTilesExpected(tilesSeen)
        .setPositivePixels(2_000)
        .setTotalPixels(10_000)
        .setPositiveFraction(0.2)
        .setPositiveAreaSquareMillimetres(0.0005)
        .setMeanEntropy(0.15)
        .setMaxMeanEntropy(0.2)
        .setMaxTailEntropy(0.4)
        .setReviewsRequested(3)
        .setReviewsOpen(1)
        .setModelVersions(List.of(0L, 2L))
        .setFirstTileAt(TIME)
        .setReportedAt(TIME.plusSeconds(1))
        .setRevision(revision)
        .setTilesMissing(2)
        .setMissingTiles(List.of(new TilePosition(0, 0), new TilePosition(150, 80)))
        .setTilesWithoutScale(0)
        .setModelHistory(
            List.of(
                new ModelVersionUse(0L, 3, TIME),
                new ModelVersionUse(1L, 0, TIME.plusSeconds(1)),
                new ModelVersionUse(2L, 4, TIME.plusSeconds(2))))
        .setTilesBackground(4)
        .setTilesGlass(7)
        .setTilesUnexpected(0)
        .setTilesOffScale(5)
        .setTilesWithInk(6)
        .setScanId("scan-1")
        .build();
  }

  /** A report of a slide of which nothing is known. */
  static SlideReport empty(String slideId) {
    return SlideReport.newBuilder()
        .setSlideId(slideId)
        .setOrgan("unknown")
        .setStatus(ReportStatus.INCOMPLETE)
        .setTilesSeen(0)
        .setPositivePixels(0)
        .setTotalPixels(0)
        .setPositiveFraction(0)
        .setMeanEntropy(0)
        .setMaxMeanEntropy(0)
        .setMaxTailEntropy(0)
        .setReviewsRequested(0)
        .setReviewsOpen(0)
        .setModelVersions(List.of())
        .setReportedAt(TIME)
        .setRevision(1)
        .setMissingTiles(List.of())
        .setModelHistory(List.of())
        .build();
  }
}
