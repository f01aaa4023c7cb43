package io.histoflow.inference;

import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.TileSegmented;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which past tiles to segment again. Conditions add up; without any, all tiles are meant.
 *
 * @param slideIds their slides; empty = any
 * @param organ their organ in lower case; empty = any
 * @param scannedSince when they were scanned, or later; empty = any time
 */
public record ReplayRequest(
    Set<String> slideIds, Optional<String> organ, Optional<Instant> scannedSince) {

  public ReplayRequest {
    slideIds = Set.copyOf(slideIds);
    organ = organ.map(OrganName::of);
  }

  /** Asks for every tile. */
  public static ReplayRequest all() {
    return new ReplayRequest(Set.of(), Optional.empty(), Optional.empty());
  }

  /** Says whether a result is of a tile that is meant. */
  public boolean includes(TileSegmented result) {
    return (slideIds.isEmpty() || slideIds.contains(result.getSlideId()))
        && organ.map(OrganName.of(result.getOrgan())::equals).orElse(true)
        && scannedSince.map(since -> !result.getScannedAt().isBefore(since)).orElse(true);
  }
}
