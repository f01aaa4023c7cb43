package io.histoflow.imaging.codec;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.imageio.Codec;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;

/** Grey maps as PNG of 8 bits a pixel, or of the upper 4. */
public final class GreyPng {
  /** 16 levels of grey, from 0 to 255. */
  private static final IndexColorModel LEVELS = levels();

  private GreyPng() {}

  /** Encodes a map as PNG of 8 bits a pixel, colour type 0. */
  public static byte[] encode(GreyImage image) {
    BufferedImage grey =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_BYTE_GRAY);
    byte[] data = ((DataBufferByte) grey.getRaster().getDataBuffer()).getData();
    System.arraycopy(image.values(), 0, data, 0, data.length);
    return Codec.writePng(grey);
  }

  /**
   * Encodes the upper 4 bits of each value as PNG of 4 bits a pixel, colour type 0. When decoded
   * each is 17 times its level of 0..15.
   */
  public static byte[] encodeLevels(GreyImage image) {
    int width = image.width();
    BufferedImage packed =
        new BufferedImage(width, image.height(), BufferedImage.TYPE_BYTE_BINARY, LEVELS);
    byte[] data = ((DataBufferByte) packed.getRaster().getDataBuffer()).getData();
    int stride = (width + 1) / 2;
    byte[] values = image.values();
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < width; x++) {
        int level = (values[y * width + x] & 0xFF) >> 4;
        data[y * stride + (x >> 1)] |= (byte) (x % 2 == 0 ? level << 4 : level);
      }
    }
    return Codec.writePng(packed);
  }

  /**
   * Decodes a grey PNG whose size is known; one of another size is refused by its header, before
   * anything is allocated for its pixels. Of a colour PNG the mean of the three channels is taken.
   *
   * @param png the encoded map, of up to 32 bits a pixel
   * @param limits bounds on its bytes and its size
   * @param expectedWidth in pixels
   * @param expectedHeight in pixels
   * @throws ImageRejectedException where it is no PNG, too large, cut off or damaged, its size
   *     differs or a pixel has more bits
   */
  public static GreyImage decode(
      byte[] png, ImageLimits limits, int expectedWidth, int expectedHeight)
      throws ImageRejectedException {
    RgbImage image =
        EncodedImage.of(PngOnly.check(png, limits, expectedWidth, expectedHeight)).decode();
    byte[] rgb = image.rgb();
    byte[] values = new byte[image.width() * image.height()];
    for (int i = 0; i < values.length; i++) {
      int sum = (rgb[3 * i] & 0xFF) + (rgb[3 * i + 1] & 0xFF) + (rgb[3 * i + 2] & 0xFF);
      values[i] = (byte) ((sum + 1) / 3);
    }
    return GreyImage.of(image.width(), image.height(), values);
  }

  private static IndexColorModel levels() {
    byte[] greys = new byte[16];
    for (int level = 0; level < greys.length; level++) {
      greys[level] = (byte) (17 * level);
    }
    return new IndexColorModel(4, greys.length, greys, greys, greys);
  }
}
