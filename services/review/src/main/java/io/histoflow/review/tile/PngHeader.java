package io.histoflow.review.tile;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a PNG says of itself before its pixels (PNG specification, third edition, 11.2.1).
 *
 * @param width pixels, as declared
 * @param height pixels, as declared
 * @param bits bits a channel
 * @param channels channels a pixel; 1 where the colours are in a palette
 */
public record PngHeader(long width, long height, int bits, int channels) {
  private static final int LENGTH = 26;
  private static final long SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int IHDR = 0x49484452;
  private static final long UNSIGNED = 0xFFFFFFFFL;

  /** Reads the header; empty where the bytes do not begin as a PNG does. */
  public static Optional<PngHeader> of(byte[] png) {
    if (png.length < LENGTH) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(png);
    if (in.getLong(0) != SIGNATURE || in.getInt(12) != IHDR) {
      return Optional.empty();
    }
    int channels =
        switch (in.get(25)) {
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> 1;
        };
    return Optional.of(
        new PngHeader(
            in.getInt(16) & UNSIGNED, in.getInt(20) & UNSIGNED, in.get(24) & 0xFF, channels));
  }

  /** Returns how many bytes the pixels take when they are decoded. */
  public double decodedBytes() {
    return (double) width * height * channels * Math.max(8, bits) / 8;
  }
}
