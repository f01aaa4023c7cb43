package io.histoflow.imaging.codec;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.imageio.Codec;
import io.histoflow.imaging.imageio.Guarded;
import io.histoflow.imaging.imageio.PngStructure;
import io.histoflow.imaging.tiff.Orientation;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.nio.file.Path;

/** Masks as PNG: 1 bit a pixel when written, any PNG when read. */
public final class MaskPng {
  private static final int RGB = 0xFFFFFF;

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
    return EncodedFile.decode(file, limits, png -> decode(png, limits));
  }

  private static Mask decode(PngStructure png) throws ImageRejectedException {
    EncodedImage image = EncodedImage.of(png);
    return Guarded.decoding(
        "the PNG",
        () -> {
          byte[] stored = nonZero(png.read());
          byte[] shown = Orientation.ofExif(png.exif()).apply(stored, png.width(), png.height(), 1);
          return Mask.of(image.width(), image.height(), shown);
        });
  }

  /** One byte a pixel, (H, W): 1 where any colour channel is not 0, of any bit depth. */
  private static byte[] nonZero(BufferedImage image) {
    int[] palette = new int[0];
    int bands = image.getColorModel().getNumColorComponents();
    if (image.getColorModel() instanceof IndexColorModel colours) {
      palette = new int[colours.getMapSize()];
      colours.getRGBs(palette);
      bands = 1;
    }
    int width = image.getWidth();
    Raster raster = image.getRaster();
    byte[] out = new byte[width * image.getHeight()];
    int[] row = new int[width];
    for (int band = 0; band < bands; band++) {
      for (int y = 0; y < image.getHeight(); y++) {
        raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, band, row);
        for (int x = 0; x < width; x++) {
          int value = palette.length == 0 ? row[x] : palette[row[x]] & RGB;
          if (value != 0) {
            out[y * width + x] = 1;
          }
        }
      }
    }
    return out;
  }
}
