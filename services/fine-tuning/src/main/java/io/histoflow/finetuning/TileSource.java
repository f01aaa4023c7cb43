package io.histoflow.finetuning;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.segmentation.dataset.LabelledTile;

/** A tile with its truth that is decoded when it is needed. */
@FunctionalInterface
interface TileSource {

  /**
   * Returns the tile.
   *
   * @throws ImageRejectedException when a tile that was sound before cannot be decoded
   */
  LabelledTile decode() throws ImageRejectedException;
}
