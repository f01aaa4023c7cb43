package io.histoflow.finetuning;

import java.util.Objects;
import java.util.Optional;

/**
 * What a reviewer said of a tile.
 *
 * @param tileId the tile
 * @param reviewer who said it
 * @param correction the mask to learn from; empty where the tile is unusable
 */
record TileVerdict(String tileId, String reviewer, Optional<EncodedCorrection> correction) {

  TileVerdict {
    Objects.requireNonNull(tileId, "tileId");
    Objects.requireNonNull(reviewer, "reviewer");
    Objects.requireNonNull(correction, "correction");
  }

  static TileVerdict of(String reviewer, EncodedCorrection correction) {
    return new TileVerdict(correction.correction().tileId(), reviewer, Optional.of(correction));
  }

  static TileVerdict notToLearnFrom(String reviewer, String tileId) {
    return new TileVerdict(tileId, reviewer, Optional.empty());
  }
}
