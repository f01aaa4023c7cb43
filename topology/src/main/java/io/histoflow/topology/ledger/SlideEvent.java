package io.histoflow.topology.ledger;

import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileSegmented;

/** Something that may change a slide's report. */
public sealed interface SlideEvent {
  /**
   * A tile was segmented, for the first time or again.
   *
   * @param tile the segmentation
   * @param before what the ledger said of the tile before
   * @param after what it says now
   */
  record TileArrived(TileSegmented tile, TileEntry before, TileEntry after) implements SlideEvent {
    /** Says whether a review alert was raised for it just now. */
    public boolean alerted() {
      return after.alerted() && !before.alerted();
    }
  }

  /** The manifest came. */
  record ManifestArrived(SlideScanned manifest) implements SlideEvent {}

  /** The manifest was deleted: the slide is taken out. */
  record SlideRemoved() implements SlideEvent {}

  /** A reviewer gave a verdict on a tile. */
  record ReviewClosed(String tileId) implements SlideEvent {}
}
