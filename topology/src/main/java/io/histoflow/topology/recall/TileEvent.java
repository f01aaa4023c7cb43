package io.histoflow.topology.recall;

import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.ReviewRequested;
import java.util.Optional;

/** Something that happens to a tile in review. */
sealed interface TileEvent {
  /** A review was asked for, of a tile that stands for others. */
  record Asked(ReviewRequested alert) implements TileEvent {}

  /** A reviewer gave a verdict; empty where one was deleted. */
  record Judged(Optional<MaskCorrected> verdict) implements TileEvent {}

  /** A second reader said what is there. */
  record ReadAgain(MaskCorrected opinion) implements TileEvent {}
}
