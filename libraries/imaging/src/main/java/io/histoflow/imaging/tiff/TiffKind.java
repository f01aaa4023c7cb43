package io.histoflow.imaging.tiff;

import io.histoflow.imaging.ImageRejectedException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * What the samples of an image of a TIFF mean and how they are compressed: one of the kinds that
 * are read as the file means them; every other is refused with a way out.
 *
 * @param compression TIFF's number
 * @param photometric TIFF's number
 * @param samples channels of a pixel
 * @param bits of a sample
 * @param planes 1, or as many as samples where each channel is stored in a plane of its own
 */
record TiffKind(int compression, int photometric, int samples, int bits, int planes) {

  static final int NONE = 1;
  static final int JPEG = 7;

  static final int WHITE_IS_ZERO = 0;
  static final int BLACK_IS_ZERO = 1;
  static final int RGB = 2;
  static final int PALETTE = 3;
  static final int CMYK = 5;
  static final int YCBCR = 6;

  /** JPEG 2000 whose samples are brightness and colour differences, unless it says otherwise. */
  private static final int JPEG_2000_YCBCR = 33_003;

  private static final int JPEG_2000_RGB = 33_005;
  private static final int LZW = 5;
  private static final int DEFLATE = 8;
  private static final int OLD_DEFLATE = 32_946;
  private static final int PACK_BITS = 32_773;
  private static final Set<Integer> FAX = Set.of(2, 3, 4);
  private static final Set<Integer> LOSSLESS = Set.of(NONE, LZW, DEFLATE, OLD_DEFLATE, PACK_BITS);

  private static final Map<Integer, String> UNSUPPORTED =
      Map.of(
          6,
          "old-style JPEG",
          JPEG_2000_YCBCR,
          "JPEG 2000",
          JPEG_2000_RGB,
          "JPEG 2000",
          34_712,
          "JPEG 2000",
          34_887,
          "LERC",
          34_892,
          "lossy JPEG of a camera",
          34_925,
          "LZMA",
          50_000,
          "Zstandard",
          50_001,
          "WebP",
          50_002,
          "JPEG XL");

  private static final int ASSOCIATED_ALPHA = 1;
  private static final int ALPHA = 2;
  private static final int UNDEFINED_FORMAT = 4;

  /**
   * Reads the kind of an image.
   *
   * @param jpeg2000 whether there is a decoder for it
   * @throws ImageRejectedException where it is none of those that are supported
   */
  static TiffKind of(TiffDirectory fields, boolean jpeg2000)
      throws IOException, ImageRejectedException {
    int compression = clamped(fields.number(TiffTag.COMPRESSION, NONE));
    int samples = clamped(fields.number(TiffTag.SAMPLES, 1));
    boolean planar = samples > 1 && fields.number(TiffTag.PLANAR, 1) == 2;
    TiffKind kind =
        new TiffKind(
            compression,
            clamped(fields.number(TiffTag.PHOTOMETRIC, -1)),
            samples,
            same(fields.numbers(TiffTag.BITS, 16), 1),
            planar ? samples : 1);
    kind.checkCompression(jpeg2000);
    int format = same(fields.numbers(TiffTag.SAMPLE_FORMAT, 16), 1);
    if (format != 1 && format != UNDEFINED_FORMAT) {
      throw new ImageRejectedException(
          "the TIFF's samples are not unsigned integers of 8 or 16 bits; save it as RGB of 8 bits");
    }
    if (!kind.isSupported(fields)) {
      throw kind.unsupported();
    }
    return kind;
  }

  /** Channels that carry colour; one more is opacity. */
  int colours() {
    return switch (photometric) {
      case RGB, YCBCR -> 3;
      case CMYK -> 4;
      default -> 1;
    };
  }

  /** Bytes of one row of a plane without compression. */
  long rowBytes(int width) {
    return ((long) width * (samples / planes) * bits + 7) / 8;
  }

  /** Whether rows can be found without decoding those before them. */
  boolean isPlain() {
    return compression == NONE && photometric != YCBCR;
  }

  /** Whether a predictor may have been applied. */
  boolean isPredicted() {
    return compression == LZW || compression == DEFLATE || compression == OLD_DEFLATE;
  }

  /** Whether tiles are JPEG 2000 codestreams. */
  boolean isJpeg2000() {
    return compression == JPEG_2000_YCBCR || compression == JPEG_2000_RGB;
  }

  /**
   * Whether the samples of a JPEG 2000 tile are brightness and colour differences. Aperio marks
   * them by the compression, others by the colour space.
   *
   * @param aperio whether its scanner wrote the file
   */
  boolean isJpeg2000InYCbCr(boolean aperio) {
    return photometric == YCBCR || (aperio && compression == JPEG_2000_YCBCR);
  }

  private void checkCompression(boolean jpeg2000) throws ImageRejectedException {
    if (jpeg2000 && isJpeg2000()) {
      return;
    }
    if (!LOSSLESS.contains(compression) && !FAX.contains(compression) && compression != JPEG) {
      String name = UNSUPPORTED.get(compression);
      throw new ImageRejectedException(
          ("the TIFF is compressed as %s%s, which is not supported; convert it to a TIFF with"
                  + " JPEG tiles, for example with: vips tiffsave IN OUT.tif --tile --pyramid"
                  + " --compression jpeg")
              .formatted(name == null ? "method " : name + ", TIFF compression ", compression));
    }
  }

  private boolean isSupported(TiffDirectory fields) throws IOException, ImageRejectedException {
    boolean deep = bits == 8 || bits == 16;
    boolean colour =
        switch (photometric) {
          case WHITE_IS_ZERO, BLACK_IS_ZERO ->
              deep || (samples == 1 && (bits == 1 || bits == 2 || bits == 4));
          case RGB, CMYK -> deep;
          case PALETTE -> bits == 1 || bits == 2 || bits == 4 || bits == 8;
          case YCBCR -> bits == 8;
          default -> false;
        };
    return colour
        && isCompressionOfKind()
        && isChannelsOfKind(fields)
        && (photometric != CMYK || fields.number(TiffTag.INK_SET, 1) == 1);
  }

  private boolean isCompressionOfKind() {
    if (FAX.contains(compression)) {
      return bits == 1 && samples == 1 && photometric <= BLACK_IS_ZERO;
    }
    if (isJpeg2000()) {
      return bits == 8
          && samples == 3
          && planes == 1
          && (photometric == RGB || photometric == YCBCR);
    }
    return compression != JPEG || (bits == 8 && photometric != CMYK && photometric != PALETTE);
  }

  private boolean isChannelsOfKind(TiffDirectory fields)
      throws IOException, ImageRejectedException {
    if (planes > 1) {
      return photometric == RGB && samples == 3;
    }
    if (samples == colours()) {
      return true;
    }
    long extra = fields.number(TiffTag.EXTRA_SAMPLES, 0);
    return samples == colours() + 1
        && (extra == ASSOCIATED_ALPHA || extra == ALPHA)
        && compression != JPEG
        && (photometric == RGB || photometric <= BLACK_IS_ZERO);
  }

  private ImageRejectedException unsupported() {
    if (photometric < 0) {
      return new ImageRejectedException(
          "the TIFF does not say what its samples mean (PhotometricInterpretation is missing);"
              + " save it as RGB of 8 bits");
    }
    String layout = planes > 1 ? ", each in a plane of its own" : "";
    return new ImageRejectedException(
        ("the TIFF has %s%s%s%s%s in colour space %s, which is not supported with compression"
                + " %s; save it as RGB of 8 bits")
            .formatted(
                samples,
                samples == 1 ? " channel of " : " channels of ",
                bits,
                bits == 1 ? " bit" : " bits",
                layout,
                photometric,
                compression));
  }

  /** The value that all samples share, -1 where they differ. */
  private static int same(long[] values, int fallback) {
    if (values.length == 0) {
      return fallback;
    }
    for (long value : values) {
      if (value != values[0]) {
        return -1;
      }
    }
    return clamped(values[0]);
  }

  private static int clamped(long value) {
    return (int) Math.min(value, Integer.MAX_VALUE);
  }
}
