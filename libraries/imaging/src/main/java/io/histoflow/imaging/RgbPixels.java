package io.histoflow.imaging;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PackedColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.util.Arrays;

/**
 * Turns images of any common kind into interleaved RGB of 8 bits a channel.
 *
 * <p>Samples are taken as stored: {@link BufferedImage#getRGB} would brighten grey images, whose
 * colour space Java holds to be linear.
 */
final class RgbPixels {

  private RgbPixels() {}

  /**
   * The pixels of an image.
   *
   * @param mayConsume whether its own array may be used up: the image is worthless afterwards
   */
  static byte[] of(BufferedImage image, boolean mayConsume) {
    byte[] interleaved = interleavedBytes(image);
    if (interleaved != null) {
      byte[] own = mayConsume ? interleaved : interleaved.clone();
      return isBgr(image) ? swapRedAndBlue(own) : own;
    }
    ColorModel colours = image.getColorModel();
    if (colours instanceof IndexColorModel palette) {
      return fromPalette(image, palette);
    }
    int space = colours.getColorSpace().getType();
    boolean direct = space == ColorSpace.TYPE_GRAY || space == ColorSpace.TYPE_RGB;
    return direct && !(colours instanceof PackedColorModel)
        ? fromSamples(image, colours)
        : fromConverted(image);
  }

  /** The image's own array where it is exactly height x width x 3 bytes, else null. */
  private static byte[] interleavedBytes(BufferedImage image) {
    Raster raster = image.getRaster();
    boolean plain =
        image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_RGB
            && !image.getColorModel().hasAlpha()
            && raster.getSampleModel() instanceof PixelInterleavedSampleModel
            && raster.getDataBuffer() instanceof DataBufferByte;
    if (!plain) {
      return null;
    }
    PixelInterleavedSampleModel samples = (PixelInterleavedSampleModel) raster.getSampleModel();
    byte[] data = ((DataBufferByte) raster.getDataBuffer()).getData();
    int[] offsets = samples.getBandOffsets();
    boolean tight =
        raster.getParent() == null
            && raster.getDataBuffer().getOffset() == 0
            && samples.getPixelStride() == 3
            && samples.getScanlineStride() == 3 * image.getWidth()
            && (Arrays.equals(offsets, new int[] {0, 1, 2})
                || Arrays.equals(offsets, new int[] {2, 1, 0}))
            && data.length == 3 * image.getWidth() * image.getHeight();
    return tight ? data : null;
  }

  private static boolean isBgr(BufferedImage image) {
    return ((PixelInterleavedSampleModel) image.getSampleModel()).getBandOffsets()[0] == 2;
  }

  private static byte[] swapRedAndBlue(byte[] pixels) {
    for (int i = 0; i < pixels.length; i += 3) {
      byte first = pixels[i];
      pixels[i] = pixels[i + 2];
      pixels[i + 2] = first;
    }
    return pixels;
  }

  private static byte[] fromPalette(BufferedImage image, IndexColorModel palette) {
    int[] argb = new int[palette.getMapSize()];
    palette.getRGBs(argb);
    int width = image.getWidth();
    Raster raster = image.getRaster();
    byte[] out = new byte[width * image.getHeight() * 3];
    int[] row = new int[width];
    int o = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int index : row) {
        if (index >= argb.length) {
          throw new IllegalArgumentException(
              "a pixel names colour " + index + " of a palette of " + argb.length);
        }
        o = putArgb(argb[index], out, o);
      }
    }
    return out;
  }

  private static byte[] fromSamples(BufferedImage image, ColorModel colours) {
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    int expected = colours.getNumColorComponents() + (colours.hasAlpha() ? 1 : 0);
    int type = raster.getTransferType();
    if ((type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT) || bands != expected) {
      throw new IllegalArgumentException(
          "its samples are not unsigned integers of 8 or 16 bits, one for each channel");
    }
    int width = image.getWidth();
    int[] row = new int[width * bands];
    byte[] out = new byte[width * image.getHeight() * 3];
    boolean grey = colours.getNumColorComponents() == 1;
    boolean premultiplied = colours.isAlphaPremultiplied();
    int[] bits = colours.getComponentSize();
    int o = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int i = 0; i < row.length; i += bands) {
        int alpha = colours.hasAlpha() ? to8(row[i + bands - 1], bits[bands - 1]) : 255;
        for (int c = 0; c < 3; c++) {
          int band = grey ? 0 : c;
          int v = to8(row[i + band], bits[band]);
          out[o++] = (byte) overWhite(v, alpha, premultiplied);
        }
      }
    }
    return out;
  }

  private static byte[] fromConverted(BufferedImage image) {
    int width = image.getWidth();
    int[] row = new int[width];
    byte[] out = new byte[width * image.getHeight() * 3];
    int o = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int argb : row) {
        o = putArgb(argb, out, o);
      }
    }
    return out;
  }

  private static int putArgb(int argb, byte[] out, int at) {
    int alpha = argb >>> 24;
    out[at] = (byte) overWhite((argb >> 16) & 0xFF, alpha, false);
    out[at + 1] = (byte) overWhite((argb >> 8) & 0xFF, alpha, false);
    out[at + 2] = (byte) overWhite(argb & 0xFF, alpha, false);
    return at + 3;
  }

  private static int overWhite(int value, int alpha, boolean premultiplied) {
    if (alpha == 255) {
      return value;
    }
    int shown = premultiplied ? value : (value * alpha + 127) / 255;
    return Math.min(255, shown + 255 - alpha);
  }

  private static int to8(int value, int bits) {
    return switch (bits) {
      case 8 -> value;
      case 16 -> value >> 8;
      default -> value * 255 / ((1 << bits) - 1);
    };
  }
}
