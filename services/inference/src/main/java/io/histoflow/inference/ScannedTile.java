package io.histoflow.inference;

import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileScanned;

/**
 * A tile as it was read from its topic: the contract is kept, the image is still encoded.
 *
 * @param record what the scanner published
 * @param organ the organ in lower case; {@value #UNKNOWN_ORGAN} where the scanner named none
 * @param location where the record lies
 */
record ScannedTile(TileScanned record, String organ, TileLocation location) {

  /** The organ of a tile whose scanner named none. */
  static final String UNKNOWN_ORGAN = "unknown";

  /** Returns width x height as the record declares them. */
  long pixels() {
    return (long) record.getWidth() * record.getHeight();
  }
}
