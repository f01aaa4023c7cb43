package io.histoflow.imaging.imageio;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * The chunks of a PNG, checked before a codec sees it (PNG specification, third edition, sections 5
 * and 11). Written here because Java's codec inflates text and profiles to any size and checks no
 * checksum.
 *
 * @param width in pixels, as stored
 * @param height in pixels, as stored
 * @param bitsPerPixel as stored: bit depth times channels
 * @param exif what its eXIf chunk holds, or nothing
 * @param essentials the PNG with IHDR, PLTE, tRNS, IDAT and IEND only: text, profiles and other
 *     ancillary chunks, which can inflate to any size, never reach the codec
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record PngStructure(
    int width, int height, int bitsPerPixel, byte[] exif, byte[] essentials) {

  private static final int SIGNATURE_LENGTH = 8;
  private static final int CHUNK_OVERHEAD = 12;
  private static final int IHDR_LENGTH = 13;
  private static final int WIDTH = 16;
  private static final int HEIGHT = 20;
  private static final int BIT_DEPTH = 24;
  private static final int COLOUR_TYPE = 25;
  private static final long UNSIGNED = 0xFFFFFFFFL;

  /**
   * Checks size, order, completeness and checksums of the chunks.
   *
   * @throws ImageRejectedException where the file is cut off or damaged
   */
  public static PngStructure of(byte[] png, ImageLimits limits) throws ImageRejectedException {
    ByteBuffer in = ByteBuffer.wrap(png);
    ByteArrayOutputStream kept = new ByteArrayOutputStream(png.length);
    kept.write(png, 0, SIGNATURE_LENGTH);
    boolean first = true;
    byte[] exif = {};
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
        limits.checkSize(in.getInt(WIDTH) & UNSIGNED, in.getInt(HEIGHT) & UNSIGNED);
        first = false;
      }
      switch (type) {
        case "IHDR", "PLTE", "tRNS", "IDAT" -> kept.write(png, at, length + CHUNK_OVERHEAD);
        case "IEND" -> {
          kept.write(png, at, length + CHUNK_OVERHEAD);
          return new PngStructure(
              in.getInt(WIDTH), in.getInt(HEIGHT), bitsPerPixel(png), exif, kept.toByteArray());
        }
        case "eXIf" -> exif = Arrays.copyOfRange(png, at + 8, at + 8 + length);
        default -> {
          if (Character.isUpperCase(type.charAt(0))) {
            throw damaged("the critical chunk '" + printable(type) + "' is not known");
          }
        }
      }
      at += length + CHUNK_OVERHEAD;
    }
  }

  /** Decodes the image as it is stored. */
  public BufferedImage read() throws IOException {
    return Codec.readPng(essentials);
  }

  /** Decodes the pixels as they are stored. */
  public RgbImage decode() throws IOException {
    return RgbImage.taking(read());
  }

  /** Of the pairs that the specification allows (table 12). */
  private static int bitsPerPixel(byte[] png) throws ImageRejectedException {
    int depth = png[BIT_DEPTH];
    int channels =
        switch (png[COLOUR_TYPE]) {
          case 0, 3 -> 1;
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> 0;
        };
    boolean palette = png[COLOUR_TYPE] == 3;
    boolean allowed =
        depth == 8
            || (depth == 16 && !palette)
            || (channels == 1 && (depth == 1 || depth == 2 || depth == 4));
    if (channels == 0 || !allowed) {
      throw damaged(
          "its header declares colour type " + png[COLOUR_TYPE] + " with " + depth + " bits");
    }
    return depth * channels;
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
