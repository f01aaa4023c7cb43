package io.histoflow.imaging;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The chunks of a PNG, checked before a codec sees it (PNG specification, third edition, sections 5
 * and 11).
 */
final class PngStructure {

  private static final int SIGNATURE_LENGTH = 8;
  private static final int CHUNK_OVERHEAD = 12;
  private static final int IHDR_LENGTH = 13;
  private static final long UNSIGNED = 0xFFFFFFFFL;

  private PngStructure() {}

  /**
   * Checks size, order, completeness and checksums of the chunks.
   *
   * @return the PNG with IHDR, PLTE, tRNS, IDAT and IEND only: text, profiles and other ancillary
   *     chunks, which can inflate to any size, never reach the codec
   * @throws ImageRejectedException where the file is cut off or damaged
   */
  static byte[] essentials(byte[] png, ImageLimits limits) throws ImageRejectedException {
    ByteBuffer in = ByteBuffer.wrap(png);
    ByteArrayOutputStream kept = new ByteArrayOutputStream(png.length);
    kept.write(png, 0, SIGNATURE_LENGTH);
    boolean first = true;
    int at = SIGNATURE_LENGTH;
    while (true) {
      if (png.length - at < CHUNK_OVERHEAD) {
        throw truncated();
      }
      int length = in.getInt(at);
      String type = new String(png, at + 4, 4, StandardCharsets.ISO_8859_1);
      if (length < 0) {
        throw damaged("chunk '" + printable(type) + "' declares a negative length");
      }
      if (length > png.length - at - CHUNK_OVERHEAD) {
        throw truncated();
      }
      CRC32 crc = new CRC32();
      crc.update(png, at + 4, length + 4);
      if ((int) crc.getValue() != in.getInt(at + 8 + length)) {
        throw damaged("the checksum of chunk '" + printable(type) + "' does not match");
      }
      if (first != type.equals("IHDR") || (first && length != IHDR_LENGTH)) {
        throw damaged("it must begin with one IHDR chunk of 13 bytes");
      }
      if (first) {
        limits.checkSize(in.getInt(at + 8) & UNSIGNED, in.getInt(at + 12) & UNSIGNED);
        first = false;
      }
      switch (type) {
        case "IHDR", "PLTE", "tRNS", "IDAT" -> kept.write(png, at, length + CHUNK_OVERHEAD);
        case "IEND" -> {
          kept.write(png, at, length + CHUNK_OVERHEAD);
          return kept.toByteArray();
        }
        default -> {
          if (Character.isUpperCase(type.charAt(0))) {
            throw damaged("the critical chunk '" + printable(type) + "' is not known");
          }
        }
      }
      at += length + CHUNK_OVERHEAD;
    }
  }

  private static ImageRejectedException truncated() {
    return new ImageRejectedException("the PNG is cut off: it ends before its IEND chunk");
  }

  private static ImageRejectedException damaged(String how) {
    return new ImageRejectedException("the PNG is damaged: " + how);
  }

  private static String printable(String type) {
    return type.replaceAll("[^A-Za-z]", "?");
  }
}
