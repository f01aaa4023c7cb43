package io.histoflow.results.export;

import io.histoflow.results.slide.SlideException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.zip.Deflater;

/**
 * Writes a mask as a pyramid of tiles: a BigTIFF of 8-bit grey, 255 = positive, deflated, each
 * level half as large as the one before until one tile holds it. A pixel of a level is positive
 * where any of the four above it is, so that no nucleus vanishes on the way out.
 *
 * <p>Rows come from the top down; of each level one row of tiles is in memory. Empty tiles share
 * their bytes.
 */
final class MaskTiff implements Closeable {
  private static final int TILE = 256;
  private static final long MOST_TILES = 4_000_000;
  private static final int WIDEST = 1 << 22;
  private static final byte POSITIVE = (byte) 0xFF;

  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int RATIONAL = 5;
  private static final int LONG8 = 16;

  private final FileChannel file;
  private final OptionalDouble micronsPerPixel;
  private final List<Level> levels = new ArrayList<>();
  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION);
  private final byte[] deflated = new byte[TILE * TILE + 1024];
  private long end = 16;
  private long emptyTile;
  private int emptyLength;

  /**
   * Begins a file.
   *
   * @param width in pixels, 1 or more
   * @param height in pixels, 1 or more
   * @param micronsPerPixel of the largest level; empty where not known
   */
  MaskTiff(Path path, int width, int height, OptionalDouble micronsPerPixel) throws IOException {
    if (width > WIDEST || (long) tiles(width) * tiles(height) > MOST_TILES) {
      throw new SlideException(
          "A mask of %s x %s pixels is more than can be written: its tiles lie too far apart."
              .formatted(width, height));
    }
    this.micronsPerPixel = micronsPerPixel;
    Level level = new Level(width, height, 0);
    levels.add(level);
    while (level.width > TILE || level.height > TILE) {
      level = new Level((level.width + 1) / 2, (level.height + 1) / 2, levels.size());
      levels.add(level);
    }
    this.file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
  }

  private static int tiles(int pixels) {
    return (pixels + TILE - 1) / TILE;
  }

  /** Marks pixels of a row as positive; rows come from the top down. */
  void add(int row, int from, int to) {
    Level largest = levels.get(0);
    try {
      largest.goTo(row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int start = (row % TILE) * largest.width;
    Arrays.fill(largest.band, start + from, start + to, POSITIVE);
    largest.empty = false;
  }

  /** Completes the file. */
  void finish() throws IOException {
    levels.get(0).goTo(levels.get(0).height);
    long first = 0;
    // From the last to the first, so that each knows where the next lies.
    for (int i = levels.size() - 1; i >= 0; i--) {
      first = writeDirectory(levels.get(i), first);
    }
    ByteBuffer head = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    head.put((byte) 'I').put((byte) 'I').putShort((short) 43).putShort((short) 8);
    head.putShort((short) 0).putLong(first).flip();
    write(head, 0);
  }

  private long writeDirectory(Level level, long next) throws IOException {
    long offsets = append(longs(level.offsets));
    long counts = append(longs(level.counts));
    ByteBuffer entries = ByteBuffer.allocate(8 + 20 * 16 + 8).order(ByteOrder.LITTLE_ENDIAN);
    entries.putLong(micronsPerPixel.isPresent() ? 15 : 12);
    entry(entries, 254, LONG, 1, level.number == 0 ? 0 : 1);
    entry(entries, 256, LONG, 1, level.width);
    entry(entries, 257, LONG, 1, level.height);
    entry(entries, 258, SHORT, 1, 8);
    entry(entries, 259, SHORT, 1, 8);
    entry(entries, 262, SHORT, 1, 1);
    entry(entries, 277, SHORT, 1, 1);
    if (micronsPerPixel.isPresent()) {
      long perCentimetre = resolution(level);
      entry(entries, 282, RATIONAL, 1, perCentimetre);
      entry(entries, 283, RATIONAL, 1, perCentimetre);
    }
    entry(entries, 284, SHORT, 1, 1);
    if (micronsPerPixel.isPresent()) {
      entry(entries, 296, SHORT, 1, 3);
    }
    entry(entries, 322, SHORT, 1, TILE);
    entry(entries, 323, SHORT, 1, TILE);
    boolean inside = level.offsets.length == 1;
    entry(entries, 324, LONG8, level.offsets.length, inside ? level.offsets[0] : offsets);
    entry(entries, 325, LONG8, level.counts.length, inside ? level.counts[0] : counts);
    entries.putLong(next).flip();
    return append(entries);
  }

  /** Pixels a centimetre, as numerator and denominator of 32 bits each. */
  private long resolution(Level level) {
    double microns = micronsPerPixel.getAsDouble() * ((double) levels.get(0).width / level.width);
    long numerator = Math.round(1e4 / microns * 1_000);
    return numerator | (1_000L << Integer.SIZE);
  }

  private static void entry(ByteBuffer entries, int tag, int type, long count, long value) {
    entries.putShort((short) tag).putShort((short) type).putLong(count).putLong(value);
  }

  private static ByteBuffer longs(long[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      bytes.putLong(value);
    }
    return bytes.flip();
  }

  /** Returns where the bytes lie; directories begin at even places. */
  private long append(ByteBuffer bytes) throws IOException {
    long at = end + (end & 1);
    end = at + bytes.remaining();
    write(bytes, at);
    return at;
  }

  private void write(ByteBuffer bytes, long from) throws IOException {
    long at = from;
    while (bytes.hasRemaining()) {
      at += file.write(bytes, at);
    }
  }

  @Override
  public void close() throws IOException {
    deflater.end();
    file.close();
  }

  /** One level; its present row of tiles. */
  private final class Level {
    private final int width;
    private final int height;
    private final int number;
    private final long[] offsets;
    private final long[] counts;
    private final byte[] band;
    private boolean empty = true;
    private int top;

    Level(int width, int height, int number) {
      this.width = width;
      this.height = height;
      this.number = number;
      this.offsets = new long[tiles(width) * tiles(height)];
      this.counts = new long[offsets.length];
      this.band = new byte[width * TILE];
    }

    /** Completes the rows of tiles that end above a row. */
    void goTo(int row) throws IOException {
      while (top < height && (row >= top + TILE || row >= height)) {
        halve();
        writeBand();
        top += TILE;
        if (!empty) {
          Arrays.fill(band, (byte) 0);
          empty = true;
        }
      }
    }

    private void writeBand() throws IOException {
      int first = top / TILE * tiles(width);
      for (int column = 0; column < tiles(width); column++) {
        writeTile(first + column, column * TILE);
      }
    }

    private void writeTile(int index, int left) throws IOException {
      byte[] tile = new byte[TILE * TILE];
      boolean positive = false;
      if (!empty) {
        int length = Math.min(TILE, width - left);
        for (int y = 0; y < TILE; y++) {
          System.arraycopy(band, y * width + left, tile, y * TILE, length);
        }
        for (byte value : tile) {
          positive |= value != 0;
        }
      }
      if (!positive && emptyLength > 0) {
        offsets[index] = emptyTile;
        counts[index] = emptyLength;
        return;
      }
      deflater.reset();
      deflater.setInput(tile);
      deflater.finish();
      int length = deflater.deflate(deflated);
      if (!deflater.finished()) {
        throw new IOException("A tile of a mask grew when it was compressed");
      }
      offsets[index] = append(ByteBuffer.wrap(deflated, 0, length));
      counts[index] = length;
      if (!positive) {
        emptyTile = offsets[index];
        emptyLength = length;
      }
    }

    /** Hands the band on to the next level, at half its size. */
    private void halve() throws IOException {
      if (number + 1 == levels.size()) {
        return;
      }
      Level half = levels.get(number + 1);
      int firstRow = top / 2;
      half.goTo(firstRow);
      if (!empty) {
        int start = firstRow % TILE;
        for (int y = 0; y < TILE; y++) {
          int to = (start + y / 2) * half.width;
          for (int x = 0; x < width; x++) {
            if (band[y * width + x] != 0) {
              half.band[to + x / 2] = POSITIVE;
            }
          }
        }
        half.empty = false;
      }
      if (top + TILE >= height) {
        half.goTo(half.height);
      }
    }
  }
}
