package io.histoflow.finetuning;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;

/**
 * Which corrections are held out: kept for judging candidates and never trained on. The choice is a
 * hash of the tile's id, so that it is the same for every verdict on a tile, after every restart
 * and on every machine.
 *
 * @param share share of the tiles that is held out, 0..1; raising it later holds out tiles that
 *     former rounds have trained on
 */
record HeldOut(double share) {

  /** Two to the power of 53: as many values as a double tells apart in 0..1. */
  private static final double STEPS = 1L << 53;

  HeldOut {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("The held-out share must be in 0..1, not " + share);
    }
  }

  /** Tells whether a tile is held out. */
  boolean contains(String tileId) {
    long bits =
        ByteBuffer.wrap(Hashing.sha256().hashString(tileId, UTF_8).asBytes()).getLong() >>> 11;
    return bits / STEPS < share;
  }
}
