package io.histoflow.imaging.tiff;

import io.histoflow.imaging.ImageRejectedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.Map;

/** Writes a TIFF of one strip, in the byte order of the file that the strip is from. */
final class OneStripTiff {

  private static final int VERSION = 42;
  private static final int HEADER = 8;
  private static final int FIELD = 12;
  private static final int INLINE = 4;
  private static final int SHORT = 3;
  private static final int LONG = 4;

  private final TiffDirectory from;
  private final Map<TiffTag, Field> fields = new EnumMap<>(TiffTag.class);

  OneStripTiff(TiffDirectory from) {
    this.from = from;
  }

  /** Adds values of 16 bits. */
  void shorts(TiffTag tag, int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(from.order());
    for (int value : values) {
      bytes.putShort((short) value);
    }
    fields.put(tag, new Field(SHORT, values.length, bytes.array()));
  }

  /** Adds a value of 32 bits. */
  void number(TiffTag tag, int value) {
    byte[] bytes = ByteBuffer.allocate(4).order(from.order()).putInt(value).array();
    fields.put(tag, new Field(LONG, 1, bytes));
  }

  /** Takes a single number over where the file has it. */
  void take(TiffTag tag) throws IOException, ImageRejectedException {
    if (from.has(tag)) {
      number(tag, (int) from.number(tag, 0));
    }
  }

  /**
   * Takes values over as they are.
   *
   * @throws ImageRejectedException where they are of another type or number
   */
  void take(TiffTag tag, int type, int count) throws IOException, ImageRejectedException {
    fields.put(tag, new Field(type, count, from.raw(tag, type, count)));
  }

  /** As {@link #take(TiffTag, int, int)}, where the file has them. */
  void takeIfPresent(TiffTag tag, int type, int count) throws IOException, ImageRejectedException {
    if (from.has(tag)) {
      take(tag, type, count);
    }
  }

  /** The file. */
  byte[] withStrip(byte[] strip) {
    number(TiffTag.STRIP_OFFSETS, HEADER);
    number(TiffTag.STRIP_BYTES, strip.length);
    int directory = HEADER + strip.length + strip.length % 2;
    int values = directory + 2 + FIELD * fields.size() + INLINE;
    int size = values + fields.values().stream().mapToInt(Field::outside).sum();
    ByteBuffer out = ByteBuffer.allocate(size).order(from.order());
    out.put(new byte[] {mark(), mark()}).putShort((short) VERSION).putInt(directory);
    out.put(strip).position(directory);
    out.putShort((short) fields.size());
    for (Map.Entry<TiffTag, Field> entry : fields.entrySet()) {
      Field field = entry.getValue();
      out.putShort((short) entry.getKey().number()).putShort((short) field.type());
      out.putInt(field.count());
      if (field.outside() == 0) {
        int next = out.position() + INLINE;
        out.put(field.values()).position(next);
      } else {
        out.putInt(values);
        out.duplicate().position(values).put(field.values());
        values += field.outside();
      }
    }
    return out.array();
  }

  private byte mark() {
    return (byte) (from.order() == ByteOrder.BIG_ENDIAN ? 'M' : 'I');
  }

  @SuppressWarnings("ArrayRecordComponent") // written, never compared
  private record Field(int type, int count, byte[] values) {

    /** Bytes behind the directory, an even number; 0 where the values fit into the field. */
    int outside() {
      return values.length <= INLINE ? 0 : values.length + values.length % 2;
    }
  }
}
