package io.histoflow.imaging.codec;

import io.histoflow.imaging.RgbImage;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * RGB images as PNG: lossless. ImageIO's writer tries five filters for each row and deflates less:
 * tissue takes it twice as long and a fifth more bytes.
 */
public final class RgbPng {
  private static final long SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int IHDR = 0x49484452;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454E44;
  private static final int IHDR_BYTES = 13;
  private static final int CHUNK_BYTES = 12;
  private static final int DEPTH = 8;
  private static final int RGB = 2;
  private static final byte UP = 2;

  /** On tissue level 3 makes 1.3 % fewer bytes and takes a third longer. */
  private static final int LEVEL = 1;

  private RgbPng() {}

  /** Encodes an image as PNG of 8 bits a channel, colour type 2. */
  public static byte[] encode(RgbImage image) {
    byte[] rows = differences(image);
    // What cannot be deflated is stored, in blocks of up to 65,535 bytes with 5 bytes each.
    byte[] deflated = new byte[rows.length + rows.length / 1_000 + 1_000];
    int length = deflate(rows, deflated);
    ByteBuffer png = ByteBuffer.allocate(Long.BYTES + 3 * CHUNK_BYTES + IHDR_BYTES + length);
    png.putLong(SIGNATURE);
    ByteBuffer header = ByteBuffer.allocate(IHDR_BYTES);
    header.putInt(image.width()).putInt(image.height()).put((byte) DEPTH).put((byte) RGB);
    chunk(png, IHDR, header.array(), IHDR_BYTES);
    chunk(png, IDAT, deflated, length);
    chunk(png, IEND, deflated, 0);
    return png.array();
  }

  /** Each row less the one above, behind the number of that filter. */
  private static byte[] differences(RgbImage image) {
    byte[] rgb = image.rgb();
    int stride = 3 * image.width();
    byte[] rows = new byte[Math.multiplyExact(stride + 1, image.height())];
    int o = 0;
    for (int row = 0; row < rgb.length; row += stride) {
      rows[o++] = UP;
      for (int i = row; i < row + stride; i++) {
        rows[o++] = (byte) (row == 0 ? rgb[i] : rgb[i] - rgb[i - stride]);
      }
    }
    return rows;
  }

  private static int deflate(byte[] rows, byte[] deflated) {
    Deflater deflater = new Deflater(LEVEL);
    try {
      deflater.setStrategy(Deflater.FILTERED);
      deflater.setInput(rows);
      deflater.finish();
      int length = 0;
      while (!deflater.finished()) {
        length += deflater.deflate(deflated, length, deflated.length - length);
      }
      return length;
    } finally {
      deflater.end();
    }
  }

  private static void chunk(ByteBuffer png, int type, byte[] data, int length) {
    png.putInt(length);
    int begin = png.position();
    png.putInt(type).put(data, 0, length);
    CRC32 crc = new CRC32();
    crc.update(png.duplicate().flip().position(begin));
    png.putInt((int) crc.getValue());
  }
}
