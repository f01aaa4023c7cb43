package io.histoflow.scanning.dicom;

import io.histoflow.imaging.ImageRejectedException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** Where the frames of a file lie. Each is one piece, or several that belong together. */
final class DicomFrames {

  private static final int ITEM = 0xFFFE_E000;
  private static final int SEQUENCE_END = 0xFFFE_E0DD;
  private static final int ITEM_HEAD = 8;

  private final FileChannel file;
  private final long[] offsets;
  private final int[] lengths;

  /** The first piece of each frame, and behind the last one the number of pieces. */
  private final int[] first;

  private DicomFrames(FileChannel file, long[] offsets, int[] lengths, int[] first) {
    this.file = file;
    this.offsets = offsets;
    this.lengths = lengths;
    this.first = first;
  }

  /** Frames of one size, one behind another. */
  static DicomFrames plain(FileChannel file, DicomParser.Pixels pixels, int frames, long bytes)
      throws IOException, ImageRejectedException {
    if (pixels.length() < bytes * frames || bytes * frames > file.size() - pixels.position()) {
      throw DicomParser.damaged("its pixels are fewer than its frames");
    }
    long[] offsets = new long[frames];
    int[] lengths = new int[frames];
    int[] first = new int[frames + 1];
    for (int i = 0; i < frames; i++) {
      offsets[i] = pixels.position() + i * bytes;
      lengths[i] = (int) bytes;
      first[i + 1] = i + 1;
    }
    return new DicomFrames(file, offsets, lengths, first);
  }

  /**
   * Frames in items (PS3.5, A.4).
   *
   * @param frames how many there are; no more than the file can hold
   * @param mostBytes that one may have
   */
  static DicomFrames inItems(FileChannel file, long position, int frames, long mostBytes)
      throws IOException, ImageRejectedException {
    Items items = new Items(file, position, mostBytes);
    byte[] table = items.table(4L * frames);
    items.read(frames);
    int[] first = new int[frames + 1];
    if (items.count == frames) {
      Arrays.setAll(first, i -> i);
    } else if (frames == 1) {
      first[1] = items.count;
    } else if (table.length == 4 * frames && items.count > frames) {
      items.group(table, first);
    } else {
      throw DicomParser.damaged(
          "it declares " + frames + " frames and holds " + items.count + " pieces of them");
    }
    return new DicomFrames(
        file,
        Arrays.copyOf(items.offsets, items.count),
        Arrays.copyOf(items.lengths, items.count),
        first);
  }

  /**
   * Reads one frame.
   *
   * @param mostBytes that it may have
   */
  byte[] read(int frame, long mostBytes) throws IOException, ImageRejectedException {
    long bytes = 0;
    for (int i = first[frame]; i < first[frame + 1]; i++) {
      bytes += lengths[i];
    }
    if (bytes > mostBytes) {
      throw DicomParser.damaged("a frame has " + bytes + " bytes");
    }
    ByteBuffer into = ByteBuffer.allocate((int) bytes);
    for (int i = first[frame]; i < first[frame + 1]; i++) {
      into.limit(into.position() + lengths[i]);
      fill(file, into, offsets[i]);
    }
    return into.array();
  }

  private static void fill(FileChannel file, ByteBuffer into, long position) throws IOException {
    long next = position;
    while (into.hasRemaining()) {
      int n = file.read(into, next);
      if (n < 0) {
        throw new EOFException();
      }
      next += n;
    }
  }

  /** Walks the items. */
  private static final class Items {
    private final FileChannel file;
    private final long mostBytes;
    private final ByteBuffer head = ByteBuffer.allocate(ITEM_HEAD).order(ByteOrder.LITTLE_ENDIAN);
    private long at;
    private long start;
    private long[] offsets = new long[16];
    private int[] lengths = new int[16];
    private int count;

    Items(FileChannel file, long position, long mostBytes) {
      this.file = file;
      this.at = position;
      this.mostBytes = mostBytes;
    }

    /** The first item: where frames begin, or nothing. */
    byte[] table(long most) throws IOException, ImageRejectedException {
      long bytes = next();
      if (bytes < 0 || bytes > file.size() - at) {
        throw DicomParser.damaged("its frames do not begin");
      }
      byte[] table = new byte[bytes <= most ? (int) bytes : 0];
      fill(file, ByteBuffer.wrap(table), at);
      at += bytes;
      start = at;
      return table;
    }

    void read(int frames) throws IOException, ImageRejectedException {
      // A frame in many pieces is rare; 64 a frame are more than any writer makes.
      long most = Math.min(64L * frames, (file.size() - at) / ITEM_HEAD + 1);
      for (long bytes = next(); bytes >= 0; bytes = next()) {
        if (bytes > mostBytes || bytes > file.size() - at || count >= most) {
          throw DicomParser.damaged("a frame reaches past its end");
        }
        if (count == offsets.length) {
          int longer = (int) Math.min(most, 2L * count);
          offsets = Arrays.copyOf(offsets, longer);
          lengths = Arrays.copyOf(lengths, longer);
        }
        offsets[count] = at;
        lengths[count++] = (int) bytes;
        at += bytes;
      }
    }

    void group(byte[] table, int... first) throws ImageRejectedException {
      ByteBuffer begins = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
      int piece = 0;
      for (int frame = 0; frame < first.length - 1; frame++) {
        long begin = start + (begins.getInt() & 0xFFFFFFFFL);
        while (piece < count && offsets[piece] - ITEM_HEAD < begin) {
          piece++;
        }
        if (piece == count || offsets[piece] - ITEM_HEAD != begin) {
          throw DicomParser.damaged("its table of frames does not fit its frames");
        }
        first[frame] = piece;
      }
      first[first.length - 1] = count;
    }

    /** The length of the next item; -1 behind the last one. */
    private long next() throws IOException, ImageRejectedException {
      if (file.size() - at < ITEM_HEAD) {
        throw new EOFException();
      }
      head.clear();
      fill(file, head, at);
      head.flip();
      int tag = (head.getShort() & 0xFFFF) << 16 | (head.getShort() & 0xFFFF);
      long bytes = head.getInt() & 0xFFFFFFFFL;
      at += ITEM_HEAD;
      if (tag == SEQUENCE_END) {
        return -1;
      }
      if (tag != ITEM) {
        throw DicomParser.damaged("between its frames lies what is none");
      }
      return bytes;
    }
  }
}
