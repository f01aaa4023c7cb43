package io.histoflow.finetuning;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.imaging.ImageRejectedException;

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
