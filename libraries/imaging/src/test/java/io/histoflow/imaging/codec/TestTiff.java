package io.histoflow.imaging.codec;

import io.histoflow.imaging.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.DeflaterOutputStream;

/** Writes TIFF and BigTIFF field by field, also such as no program would write. */
final class TestTiff {

  static final int SHORT = 3;
  static final int LONG = 4;

  private final ByteOrder order;
  private final boolean big;
  private final List<Page> pages = new ArrayList<>();

  TestTiff(ByteOrder order, boolean big) {
    this.order = order;
    this.big = big;
  }

  static TestTiff little() {
    return new TestTiff(ByteOrder.LITTLE_ENDIAN, false);
  }

  /** Adds an image of 8 bits a sample, RGB, without compression and without pixels. */
  Page page(int width, int height) {
    Page page = new Page();
    pages.add(page);
    return page.set(256, LONG, width)
        .set(257, LONG, height)
        .set(258, SHORT, 8, 8, 8)
        .set(259, SHORT, 1)
        .set(262, SHORT, 2)
        .set(277, SHORT, 3);
  }

  Page first() {
    return pages.get(0);
  }

  byte[] bytes() {
    int header = big ? 16 : 8;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[header]);
    List<Long> starts = new ArrayList<>();
    List<Integer> nexts = new ArrayList<>();
    for (Page page : pages) {
      page.place(out);
      starts.add((long) out.size());
      nexts.add(page.write(out));
    }
    ByteBuffer all = ByteBuffer.wrap(out.toByteArray()).order(order);
    all.put((byte) (order == ByteOrder.BIG_ENDIAN ? 'M' : 'I'));
    all.put((byte) (order == ByteOrder.BIG_ENDIAN ? 'M' : 'I'));
    all.putShort((short) (big ? 43 : 42));
    if (big) {
      all.putShort((short) 8).putShort((short) 0);
    }
    offset(all, all.position(), starts.get(0));
    for (int i = 0; i + 1 < starts.size(); i++) {
      offset(all, nexts.get(i), starts.get(i + 1));
    }
    return all.array();
  }

  private void offset(ByteBuffer out, int at, long value) {
    if (big) {
      out.putLong(at, value);
    } else {
      out.putInt(at, (int) value);
    }
  }

  static byte[] deflated(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** PackBits, all literal. */
  static byte[] packed(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < plain.length; i += 128) {
      int n = Math.min(128, plain.length - i);
      out.write(n - 1);
      out.write(plain, i, n);
    }
    return out.toByteArray();
  }

  /** Smooth colours that differ everywhere, so that JPEG keeps them and a shift shows. */
  static RgbImage picture(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    Random random = new Random(width * 31L + height);
    int phase = random.nextInt(50);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int i = (y * width + x) * 3;
        rgb[i] = (byte) (60 + (x * 3 + phase) % 150);
        rgb[i + 1] = (byte) (40 + (y * 5 + phase) % 160);
        rgb[i + 2] = (byte) (90 + (x + y) % 120);
      }
    }
    return RgbImage.of(width, height, rgb);
  }

  /** One image of a file. */
  final class Page {
    private final Map<Integer, Object[]> fields = new TreeMap<>();
    private final List<byte[]> segments = new ArrayList<>();
    private final Set<Integer> hidden = new HashSet<>();
    private int offsetsTag = 273;

    Page set(int tag, int type, long... values) {
      int size = type == SHORT ? 2 : type == LONG ? 4 : type == 16 || type == 5 ? 8 : 1;
      ByteBuffer bytes = ByteBuffer.allocate(size * values.length).order(order);
      for (long value : values) {
        switch (size) {
          case 2 -> bytes.putShort((short) value);
          case 4 -> bytes.putInt((int) value);
          case 8 -> bytes.putLong(value);
          default -> bytes.put((byte) value);
        }
      }
      return raw(tag, type, values.length, bytes.array());
    }

    Page text(int tag, String text) {
      byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
      return raw(tag, 2, bytes.length, bytes);
    }

    Page raw(int tag, int type, long count, byte[] bytes) {
      fields.put(tag, new Object[] {type, count, bytes});
      return this;
    }

    /** Leaves a field out. */
    Page hide(int tag) {
      hidden.add(tag);
      return this;
    }

    /** Adds encoded strips; null leaves one out. */
    Page strips(int rows, byte[]... encoded) {
      set(278, LONG, rows);
      segments.addAll(Arrays.asList(encoded));
      return this;
    }

    /** Adds encoded tiles; null leaves one out. */
    Page tiles(int width, int height, byte[]... encoded) {
      set(322, LONG, width).set(323, LONG, height);
      offsetsTag = 324;
      segments.addAll(Arrays.asList(encoded));
      return this;
    }

    byte[] bytes() {
      return TestTiff.this.bytes();
    }

    private void place(ByteArrayOutputStream out) {
      long[] offsets = new long[segments.size()];
      long[] counts = new long[segments.size()];
      for (int i = 0; i < offsets.length; i++) {
        if (segments.get(i) != null) {
          offsets[i] = out.size();
          counts[i] = segments.get(i).length;
          out.writeBytes(segments.get(i));
        }
      }
      if (offsets.length > 0) {
        int countsTag = offsetsTag == 273 ? 279 : 325;
        fields.computeIfAbsent(offsetsTag, tag -> longs(offsets));
        fields.computeIfAbsent(countsTag, tag -> longs(counts));
      }
      fields.keySet().removeAll(hidden);
    }

    private Object[] longs(long[] values) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(order);
      Arrays.stream(values).forEach(value -> bytes.putInt((int) value));
      return new Object[] {LONG, (long) values.length, bytes.array()};
    }

    /** Writes the directory and returns where the offset of the next one stands. */
    private int write(ByteArrayOutputStream out) {
      int inline = big ? 8 : 4;
      int start = out.size();
      int size = (big ? 8 : 2) + fields.size() * (big ? 20 : 12) + inline;
      ByteBuffer directory = ByteBuffer.allocate(size).order(order);
      ByteArrayOutputStream values = new ByteArrayOutputStream();
      if (big) {
        directory.putLong(fields.size());
      } else {
        directory.putShort((short) fields.size());
      }
      fields.forEach(
          (tag, field) -> {
            byte[] bytes = (byte[]) field[2];
            directory.putShort(tag.shortValue()).putShort(((Integer) field[0]).shortValue());
            if (big) {
              directory.putLong((Long) field[1]);
            } else {
              directory.putInt(((Long) field[1]).intValue());
            }
            int at = directory.position();
            if (bytes.length <= inline) {
              directory.put(bytes);
            } else {
              offset(directory, at, start + size + values.size());
              values.writeBytes(bytes);
            }
            directory.position(at + inline);
          });
      out.writeBytes(directory.array());
      out.writeBytes(values.toByteArray());
      return start + size - inline;
    }
  }
}
