package io.histoflow.topology.ledger;

import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileSegmented;

/** Something that may change a slide's report. */
public sealed interface SlideEvent {
  /**
   * A tile was segmented, for the first time or again.
   *
   * @param tile the segmentation
   * @param known what the ledger says of the tile, so that nobody has to look it up again
   * @param counted whether routing has decided on it by now
   * @param alerted whether a review alert was raised for it just now
   */
  record TileArrived(TileSegmented tile, TileEntry known, boolean counted, boolean alerted)
      implements SlideEvent {}

  /**
   * The manifest came.
   *
   * @param manifest the manifest
   */
  record ManifestArrived(SlideScanned manifest) implements SlideEvent {}

  /** The manifest was deleted: the slide is taken out. */
  record SlideRemoved() implements SlideEvent {}

  /**
   * A reviewer gave a verdict on a tile.
   *
   * @param tileId the tile
   */
  record ReviewClosed(String tileId) implements SlideEvent {}
}
