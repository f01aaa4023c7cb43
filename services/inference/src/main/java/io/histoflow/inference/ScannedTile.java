package io.histoflow.inference;

import io.histoflow.imaging.resolution.Rescaling;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileScanned;

/**
 * A tile as it was read from its topic: the contract is kept, the image is still encoded.
 *
 * @param record what the scanner published
 * @param organ the organ in lower case; unknown where the scanner named none
 * @param location where the record lies
 * @param scale the way from its own pixels to the model's
 */
record ScannedTile(TileScanned record, String organ, TileLocation location, Rescaling scale) {

  /** Heap that an encoded byte takes: in the record, in the tile read from it, and in a codec. */
  static final int BYTES_PER_ENCODED_BYTE = 3;

  /**
   * Heap that a pixel of the model's takes at most, over all stages: 11 bytes while 16-bit RGBA is
   * decoded; 3 for its colours and 16 for probabilities, their sums and their entropy after that.
   */
  static final int BYTES_PER_PIXEL = 20;

  /**
   * Heap that a pixel of the tile's own takes beside, where it is not the model's: 11 while it is
   * decoded and resampled; 4 for the probabilities that are brought back, 2 for the mask and 2 for
   * their levels, after.
   */
  static final int BYTES_PER_OWN_PIXEL = 11;

  /** Returns the tile's width in the model's pixels. */
  long modelWidth() {
    return scale.length(record.getWidth());
  }

  /** Returns the tile's height in the model's pixels. */
  long modelHeight() {
    return scale.length(record.getHeight());
  }

  /** Returns the most heap that the tile takes on its way, as its record declares its size. */
  long bytes() {
    long ownPixels = scale.isNone() ? 0 : (long) record.getWidth() * record.getHeight();
    return BYTES_PER_PIXEL * modelWidth() * modelHeight()
        + BYTES_PER_OWN_PIXEL * ownPixels
        + BYTES_PER_ENCODED_BYTE * (long) record.getImage().remaining();
  }
}
