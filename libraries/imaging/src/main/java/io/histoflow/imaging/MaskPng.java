package io.histoflow.imaging;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.nio.file.Path;

/** Masks as PNG: 1 bit a pixel when written, any PNG when read. */
public final class MaskPng {

  private MaskPng() {}

  /** Encodes a mask as grey PNG of 1 bit a pixel, white = positive. */
  public static byte[] encode(Mask mask) {
    int width = mask.width();
    BufferedImage binary = new BufferedImage(width, mask.height(), BufferedImage.TYPE_BYTE_BINARY);
    byte[] bits = ((DataBufferByte) binary.getRaster().getDataBuffer()).getData();
    int stride = (width + 7) / 8;
    byte[] values = mask.values();
    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < width; x++) {
        if (values[y * width + x] != 0) {
          bits[y * stride + (x >> 3)] |= (byte) (0x80 >> (x & 7));
        }
      }
    }
    return Codec.writePng(binary);
  }

  /**
   * Decodes a mask: a pixel is positive where any colour channel is not 0. Transparency is ignored.
   *
   * @param png a PNG of any bit depth and colour type
   * @param limits bounds, checked before pixels are allocated
   * @throws ImageRejectedException where it is no PNG, too large, cut off or damaged
   */
  public static Mask decode(byte[] png, ImageLimits limits) throws ImageRejectedException {
    return decode(PngOnly.check(png, limits));
  }

  /**
   * Decodes a mask whose size is known, for example that of its tile; a PNG of another size is
   * refused by its header, before anything is allocated for its pixels.
   *
   * @param png a PNG of up to 32 bits a pixel
   * @param limits bounds on its bytes and its size
   * @param expectedWidth in pixels
   * @param expectedHeight in pixels
   * @throws ImageRejectedException as {@link #decode(byte[], ImageLimits)}, and where its size
   *     differs or a pixel has more bits
   */
  public static Mask decode(byte[] png, ImageLimits limits, int expectedWidth, int expectedHeight)
      throws ImageRejectedException {
    return decode(PngOnly.check(png, limits, expectedWidth, expectedHeight));
  }

  /**
   * Decodes a mask from a file, as {@link #decode(byte[], ImageLimits)}; messages begin with its
   * name.
   *
   * @param file a PNG
   * @param limits bounds, checked before pixels are allocated
   * @throws ImageRejectedException where it cannot be read or used
   */
  public static Mask decode(Path file, ImageLimits limits) throws ImageRejectedException {
    byte[] png = EncodedFile.read(file, limits);
    try {
      return decode(png, limits);
    } catch (ImageRejectedException e) {
      throw EncodedFile.named(file, e);
    }
  }

  private static Mask decode(PngStructure png) throws ImageRejectedException {
    return Guarded.decoding(
        "the PNG",
        () -> {
          byte[] stored = NonZero.of(png.read());
          byte[] shown = png.orientation().apply(stored, png.width(), png.height(), 1);
          return Mask.of(png.header().width(), png.header().height(), shown);
        });
  }
}
