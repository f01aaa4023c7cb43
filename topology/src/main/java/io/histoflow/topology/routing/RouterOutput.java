package io.histoflow.topology.routing;

import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileHeldBack;
import io.histoflow.topology.ledger.SlideEvent;
import io.histoflow.topology.summaries.RouterNews;

/** What comes out of a router. */
sealed interface RouterOutput {
  /**
   * A tile goes to review.
   *
   * @param alert its alert
   */
  record Alert(ReviewRequested alert) implements RouterOutput {}

  /**
   * A tile would have gone to review, had there been the capacity.
   *
   * @param tile what is said of it
   */
  record HeldBack(TileHeldBack tile) implements RouterOutput {}

  /**
   * Scores for the threshold of an organ.
   *
   * @param organ the organ
   * @param news the scores
   */
  record Scores(String organ, RouterNews news) implements RouterOutput {}

  /**
   * A tile for its slide's report.
   *
   * @param arrival the tile
   */
  record ForReport(SlideEvent.TileArrived arrival) implements RouterOutput {}
}
