package io.histoflow.scanning.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One element of a data set, of those that are read (PS3.6).
 *
 * @param sequence tag of the sequence that it stands in; 0 at the top
 * @param tag group and number
 * @param value its bytes, little-endian, as long as they are in the file
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record DicomElement(int sequence, int tag, byte[] value) {

  static final int TRANSFER_SYNTAX = 0x0002_0010;
  static final int IMAGE_TYPE = 0x0008_0008;
  static final int MAKER = 0x0008_0070;
  static final int MODEL = 0x0008_1090;
  static final int SLICE_MEASURES = 0x0028_9110;
  static final int SERIAL_NUMBER = 0x0018_1000;
  static final int INSTANCE = 0x0008_0018;
  static final int STUDY = 0x0020_000D;
  static final int SERIES = 0x0020_000E;
  static final int CONCATENATION = 0x0020_9161;
  static final int ORGANISATION = 0x0020_9311;
  static final int SAMPLES = 0x0028_0002;
  static final int PHOTOMETRIC = 0x0028_0004;
  static final int PLANAR = 0x0028_0006;
  static final int FRAMES = 0x0028_0008;
  static final int ROWS = 0x0028_0010;
  static final int COLUMNS = 0x0028_0011;
  static final int SPACING = 0x0028_0030;
  static final int BITS_ALLOCATED = 0x0028_0100;
  static final int BITS_STORED = 0x0028_0101;
  static final int SIGNED = 0x0028_0103;
  static final int MATRIX_COLUMNS = 0x0048_0006;
  static final int MATRIX_ROWS = 0x0048_0007;
  static final int POSITION = 0x0048_021A;
  static final int COLUMN_POSITION = 0x0048_021E;
  static final int ROW_POSITION = 0x0048_021F;
  static final int OPTICAL_PATHS = 0x0048_0302;
  static final int FOCAL_PLANES = 0x0048_0303;
  static final int PIXELS = 0x7FE0_0010;

  /** Its text without padding, in ASCII: names of other alphabets are not needed. */
  String text() {
    String text = new String(value, StandardCharsets.ISO_8859_1);
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) <= ' ') {
      end--;
    }
    return text.substring(0, end).strip();
  }

  /** Its first whole number of 16 or 32 bits; -1 where it has none. */
  int number() {
    ByteBuffer in = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    return switch (value.length) {
      case 0, 1, 3 -> -1;
      case 2 -> in.getShort() & 0xFFFF;
      default -> in.getInt();
    };
  }

  /** The number that its text writes; -1 where it writes none. */
  int writtenNumber() {
    String digits = text();
    return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : -1;
  }
}
