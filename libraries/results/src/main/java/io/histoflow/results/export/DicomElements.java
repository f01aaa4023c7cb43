package io.histoflow.results.export;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes the elements of a DICOM data set, explicit and little-endian (PS3.5, 7.1), in the order in
 * which they come: tags must rise.
 */
final class DicomElements implements Closeable {
  private static final int UNDEFINED = 0xFFFF_FFFF;
  private static final int ITEM = 0xFFFE_E000;
  private static final int ITEM_END = 0xFFFE_E00D;
  private static final int SEQUENCE_END = 0xFFFE_E0DD;
  private static final int LONGEST_SHORT = 0xFFFE;

  private final OutputStream out;

  DicomElements(OutputStream out) {
    this.out = out;
  }

  /** Writes bytes as they are. */
  void raw(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  /** Writes a text or an identifier; empty for none. */
  void text(int tag, String representation, String value) throws IOException {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    boolean odd = bytes.length % 2 != 0;
    if (bytes.length > LONGEST_SHORT) {
      throw new IllegalArgumentException("A text of " + bytes.length + " bytes is too long");
    }
    shortHead(tag, representation, bytes.length + (odd ? 1 : 0));
    out.write(bytes);
    if (odd) {
      out.write(representation.equals("UI") ? 0 : ' ');
    }
  }

  /** Writes a whole number of 16 bits. */
  void number16(int tag, int value) throws IOException {
    shortHead(tag, "US", Short.BYTES);
    byte[] bytes = new byte[Short.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort((short) value);
    out.write(bytes);
  }

  /** Writes a whole number of 32 bits. */
  void number32(int tag, long value) throws IOException {
    shortHead(tag, "UL", Integer.BYTES);
    byte[] bytes = new byte[Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value);
    out.write(bytes);
  }

  /** Writes two bytes of a version. */
  void version(int tag) throws IOException {
    longHead(tag, "OB", 2);
    out.write(new byte[] {0, 1});
  }

  /**
   * Writes many values of 32 bits.
   *
   * @param length in bytes, even and below 2^32 - 1
   */
  void values(int tag, String representation, long length, InputStream values) throws IOException {
    longHead(tag, representation, length);
    if (values.transferTo(out) != length) {
      throw new IOException("Values of an export are not as many as were written");
    }
  }

  /** Begins a sequence. */
  void sequence(int tag) throws IOException {
    longHead(tag, "SQ", Integer.toUnsignedLong(UNDEFINED));
  }

  /** Begins an item of a sequence. */
  void item() throws IOException {
    delimiter(ITEM, UNDEFINED);
  }

  /** Ends an item. */
  void itemEnd() throws IOException {
    delimiter(ITEM_END, 0);
  }

  /** Ends a sequence. */
  void sequenceEnd() throws IOException {
    delimiter(SEQUENCE_END, 0);
  }

  /** Writes a sequence of one code. */
  void code(int tag, String value, String scheme, String meaning) throws IOException {
    sequence(tag);
    item();
    text(0x0008_0100, "SH", value);
    text(0x0008_0102, "SH", scheme);
    text(0x0008_0104, "LO", meaning);
    itemEnd();
    sequenceEnd();
  }

  private void delimiter(int tag, int length) throws IOException {
    byte[] bytes = new byte[8];
    head(bytes, tag).putInt(length);
    out.write(bytes);
  }

  private void shortHead(int tag, String representation, int length) throws IOException {
    byte[] bytes = new byte[8];
    head(bytes, tag)
        .put(representation.getBytes(StandardCharsets.US_ASCII))
        .putShort((short) length);
    out.write(bytes);
  }

  private void longHead(int tag, String representation, long length) throws IOException {
    byte[] bytes = new byte[12];
    head(bytes, tag)
        .put(representation.getBytes(StandardCharsets.US_ASCII))
        .putShort((short) 0)
        .putInt((int) length);
    out.write(bytes);
  }

  private static ByteBuffer head(byte[] bytes, int tag) {
    return ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) (tag >>> 16))
        .putShort((short) tag);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
