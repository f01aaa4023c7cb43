package io.histoflow.topology.routing;

import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileHeldBack;
import io.histoflow.topology.ledger.SlideEvent;
import io.histoflow.topology.summaries.RouterNews;

/** What comes out of a router. */
sealed interface RouterOutput {
  /** A tile goes to review; its key is the tile's id. */
  record Alert(ReviewRequested alert) implements RouterOutput {}

  /** A tile would have gone to review, had there been the capacity; its key is the tile's id. */
  record HeldBack(TileHeldBack tile) implements RouterOutput {}

  /** Scores for the threshold of an organ, which is the key. */
  record Scores(RouterNews news) implements RouterOutput {}

  /** A tile for the report of its slide, which is the key. */
  record ForReport(SlideEvent.TileArrived arrival) implements RouterOutput {}
}
