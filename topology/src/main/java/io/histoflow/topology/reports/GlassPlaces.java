package io.histoflow.topology.reports;

import io.histoflow.schemas.SlideScanned;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Which tiles of a slide the scanner left out as glass. They stay deflated, as the manifest has
 * them: the state of a slide is written with every tile, and they are needed where one is missing
 * only.
 *
 * @param count how many there are
 * @param deflated one bit a tile of the grid; empty where nobody says which
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record GlassPlaces(int count, byte[] deflated) {
  /** Every tile was published. */
  static final GlassPlaces NONE = new GlassPlaces(0, new byte[0]);

  /** A manifest with more is no manifest of a slide. */
  private static final int MOST_BYTES = 1 << 18;

  /** Of grids with more no tile is named. */
  private static final long MOST_TILES = 1 << 27;

  static GlassPlaces of(SlideScanned manifest) {
    ByteBuffer places = manifest.getGlassPlaces();
    int count = Math.max(0, manifest.getTilesGlass());
    if (count == 0 || places == null || places.remaining() > MOST_BYTES) {
      return count == 0 ? NONE : new GlassPlaces(count, new byte[0]);
    }
    byte[] deflated = new byte[places.remaining()];
    places.duplicate().get(deflated);
    return new GlassPlaces(count, deflated);
  }

  /**
   * The tiles, row by row.
   *
   * @param tiles of the whole grid
   * @return empty where nobody says, or what is said cannot be read
   */
  BitSet places(long tiles) {
    if (deflated.length == 0 || tiles > MOST_TILES) {
      return new BitSet();
    }
    Inflater inflater = new Inflater();
    try {
      byte[] bits = new byte[(int) ((tiles + 7) / 8)];
      inflater.setInput(deflated);
      int length = inflater.inflate(bits);
      return BitSet.valueOf(ByteBuffer.wrap(bits, 0, length));
    } catch (DataFormatException e) {
      // Then no tile is named as missing: it would be a guess.
      return new BitSet();
    } finally {
      inflater.end();
    }
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(count);
    out.writeInt(deflated.length);
    out.write(deflated);
  }

  static GlassPlaces read(DataInput in) throws IOException {
    int count = in.readInt();
    byte[] deflated = new byte[in.readInt()];
    in.readFully(deflated);
    return count == 0 ? NONE : new GlassPlaces(count, deflated);
  }
}
