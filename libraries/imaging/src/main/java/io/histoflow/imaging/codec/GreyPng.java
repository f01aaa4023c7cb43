package io.histoflow.imaging.codec;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.imageio.Codec;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;

/** Grey maps as PNG of 8 bits a pixel. */
public final class GreyPng {

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
}
