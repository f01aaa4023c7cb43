package io.histoflow.scanning.dicom;

import io.histoflow.imaging.ImageRejectedException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Walks the elements of a file up to its pixels (PS3.5 and PS3.10, Explicit VR Little Endian).
 * Values are read of the wanted elements only, and of none more than 4 KiB.
 */
final class DicomParser {

  private static final int PREAMBLE = 128;
  private static final int MOST_VALUE = 4096;
  private static final int MOST_DEPTH = 16;

  /** The positions of a million frames are 150 MB; more is no header. */
  private static final long MOST_HEADER = 512L << 20;

  private static final int ITEM = 0xFFFE_E000;
  private static final int ITEM_END = 0xFFFE_E00D;
  private static final int SEQUENCE_END = 0xFFFE_E0DD;
  private static final long UNDEFINED = 0xFFFF_FFFFL;

  /** Representations whose length has 32 bits. */
  private static final Set<String> LONG =
      Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");

  private static final Set<Integer> WANTED =
      Set.of(
          DicomElement.TRANSFER_SYNTAX,
          DicomElement.IMAGE_TYPE,
          DicomElement.MAKER,
          DicomElement.MODEL,
          DicomElement.SERIAL_NUMBER,
          DicomElement.INSTANCE,
          DicomElement.STUDY,
          DicomElement.SERIES,
          DicomElement.CONCATENATION,
          DicomElement.ORGANISATION,
          DicomElement.SAMPLES,
          DicomElement.PHOTOMETRIC,
          DicomElement.PLANAR,
          DicomElement.FRAMES,
          DicomElement.ROWS,
          DicomElement.COLUMNS,
          DicomElement.SPACING,
          DicomElement.BITS_ALLOCATED,
          DicomElement.BITS_STORED,
          DicomElement.SIGNED,
          DicomElement.MATRIX_COLUMNS,
          DicomElement.MATRIX_ROWS,
          DicomElement.COLUMN_POSITION,
          DicomElement.ROW_POSITION,
          DicomElement.OPTICAL_PATHS,
          DicomElement.FOCAL_PLANES);

  private final FileChannel file;
  private final long length;
  private final Consumer<DicomElement> elements;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private long bufferStart;
  private long at;

  DicomParser(FileChannel file, Consumer<DicomElement> elements) throws IOException {
    this.file = file;
    this.length = file.size();
    this.elements = elements;
    buffer.limit(0);
  }

  /**
   * Walks the file.
   *
   * @param checkSyntax is run once the transfer syntax has been heard
   * @return where the pixels lie
   * @throws ImageRejectedException where the file is damaged or has no pixels
   */
  Pixels parse(Syntax checkSyntax) throws IOException, ImageRejectedException {
    at = PREAMBLE;
    need(4);
    byte[] mark = new byte[4];
    buffer.get(mark);
    if (!new String(mark, StandardCharsets.US_ASCII).equals("DICM")) {
      throw damaged("its mark is missing");
    }
    at += 4;
    boolean inMeta = true;
    while (at < length) {
      Head head = head();
      if (inMeta && head.tag >>> 16 != 2) {
        checkSyntax.check();
        inMeta = false;
      }
      if (head.tag == DicomElement.PIXELS) {
        return new Pixels(at, head.length == UNDEFINED ? -1 : head.length);
      }
      body(0, head, 0);
    }
    throw damaged("it has no pixels");
  }

  private void body(int sequence, Head head, int depth) throws IOException, ImageRejectedException {
    if (head.sequence || head.length == UNDEFINED) {
      sequence(head.tag, head.length, depth + 1);
      return;
    }
    require(head.length <= length - at, "an element reaches past its end");
    if (WANTED.contains(head.tag) && head.length <= MOST_VALUE) {
      need((int) head.length);
      byte[] value = new byte[(int) head.length];
      buffer.get(value);
      elements.accept(new DicomElement(sequence, head.tag, value));
    }
    at += head.length;
  }

  private void sequence(int tag, long bytes, int depth) throws IOException, ImageRejectedException {
    require(depth <= MOST_DEPTH, "its sequences are nested too deeply");
    require(bytes == UNDEFINED || bytes <= length - at, "a sequence reaches past its end");
    long end = bytes == UNDEFINED ? length : at + bytes;
    while (at < end) {
      Head item = head();
      if (item.tag == SEQUENCE_END && bytes == UNDEFINED) {
        return;
      }
      require(item.tag == ITEM, "a sequence holds what is no item");
      item(tag, item.length, depth);
    }
  }

  private void item(int sequence, long bytes, int depth)
      throws IOException, ImageRejectedException {
    require(bytes == UNDEFINED || bytes <= length - at, "an item reaches past its end");
    long end = bytes == UNDEFINED ? length : at + bytes;
    while (at < end) {
      Head head = head();
      if (head.tag == ITEM_END && bytes == UNDEFINED) {
        return;
      }
      body(sequence, head, depth);
    }
  }

  private Head head() throws IOException, ImageRejectedException {
    require(at <= MOST_HEADER, "its header is larger than " + (MOST_HEADER >> 20) + " MiB");
    need(8);
    int tag = (buffer.getShort() & 0xFFFF) << 16 | (buffer.getShort() & 0xFFFF);
    if (tag >>> 16 == 0xFFFE) {
      long bytes = buffer.getInt() & 0xFFFFFFFFL;
      at += 8;
      return new Head(tag, false, bytes);
    }
    String kind = "" + (char) buffer.get() + (char) buffer.get();
    if (!LONG.contains(kind)) {
      int bytes = buffer.getShort() & 0xFFFF;
      at += 8;
      return new Head(tag, false, bytes);
    }
    need(12);
    buffer.position(buffer.position() + 8);
    long bytes = buffer.getInt() & 0xFFFFFFFFL;
    at += 12;
    return new Head(tag, kind.equals("SQ"), bytes);
  }

  /** Makes the buffer hold what follows. */
  private void need(int bytes) throws IOException {
    if (bytes > length - at) {
      throw new EOFException();
    }
    if (at < bufferStart || at + bytes > bufferStart + buffer.limit()) {
      buffer.clear();
      bufferStart = at;
      while (buffer.position() < bytes) {
        if (file.read(buffer, at + buffer.position()) < 0) {
          throw new EOFException();
        }
      }
      buffer.flip();
    }
    buffer.position((int) (at - bufferStart));
  }

  private static void require(boolean holds, String otherwise) throws ImageRejectedException {
    if (!holds) {
      throw damaged(otherwise);
    }
  }

  static ImageRejectedException damaged(String how) {
    return new ImageRejectedException(
        "the DICOM file is damaged or cut off: " + how + "; export it anew");
  }

  /** Refuses what cannot be parsed. */
  interface Syntax {
    void check() throws ImageRejectedException;
  }

  /**
   * The pixels.
   *
   * @param position of their first byte, or of the first item
   * @param length in bytes; -1 where they are items
   */
  record Pixels(long position, long length) {}

  private record Head(int tag, boolean sequence, long length) {}
}
