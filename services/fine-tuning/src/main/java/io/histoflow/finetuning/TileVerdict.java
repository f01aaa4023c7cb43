package io.histoflow.finetuning;

import java.util.Objects;
import java.util.Optional;

/**
 * What a reviewer said of a tile.
 *
 * @param tileId the tile
 * @param correction the mask to learn from; empty where the tile is unusable
 */
record TileVerdict(String tileId, Optional<Correction> correction) {

  TileVerdict {
    Objects.requireNonNull(tileId, "tileId");
    Objects.requireNonNull(correction, "correction");
  }

  static TileVerdict of(Correction correction) {
    return new TileVerdict(correction.tileId(), Optional.of(correction));
  }

  static TileVerdict notToLearnFrom(String tileId) {
    return new TileVerdict(tileId, Optional.empty());
  }
}
