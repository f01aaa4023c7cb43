package io.histoflow.inference;

import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileScanned;

/**
 * A tile as it was read from its topic: the contract is kept, the image is still encoded.
 *
 * @param record what the scanner published
 * @param organ the organ in lower case; unknown where the scanner named none
 * @param location where the record lies
 */
record ScannedTile(TileScanned record, String organ, TileLocation location) {

  /** Heap that an encoded byte takes: in the record, in the tile read from it, and in a codec. */
  static final int BYTES_PER_ENCODED_BYTE = 3;

  /**
   * Heap that a pixel takes at most, over all stages: 11 bytes while 16-bit RGBA is decoded; 3 for
   * its colours and 16 for probabilities, their sums and their entropy after that.
   */
  static final int BYTES_PER_PIXEL = 20;

  /** Returns the most heap that the tile takes on its way, as its record declares its size. */
  long bytes() {
    long pixels = (long) record.getWidth() * record.getHeight();
    return BYTES_PER_PIXEL * pixels + BYTES_PER_ENCODED_BYTE * (long) record.getImage().remaining();
  }
}
