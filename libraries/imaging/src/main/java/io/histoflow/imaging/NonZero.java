package io.histoflow.imaging;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/** Which pixels of an image are not black. */
final class NonZero {

  private static final int RGB = 0xFFFFFF;

  private NonZero() {}

  /** One byte a pixel, (H, W): 1 where any colour channel is not 0, of any bit depth. */
  static byte[] of(BufferedImage image) {
    return image.getColorModel() instanceof IndexColorModel palette
        ? ofPalette(image, palette)
        : ofSamples(image);
  }

  private static byte[] ofPalette(BufferedImage image, IndexColorModel palette) {
    int[] argb = new int[palette.getMapSize()];
    palette.getRGBs(argb);
    int width = image.getWidth();
    Raster raster = image.getRaster();
    byte[] out = new byte[width * image.getHeight()];
    int[] row = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        out[y * width + x] = (byte) ((argb[row[x]] & RGB) == 0 ? 0 : 1);
      }
    }
    return out;
  }

  private static byte[] ofSamples(BufferedImage image) {
    int width = image.getWidth();
    Raster raster = image.getRaster();
    int colours = image.getColorModel().getNumColorComponents();
    byte[] out = new byte[width * image.getHeight()];
    int[] row = new int[width];
    for (int band = 0; band < colours; band++) {
      for (int y = 0; y < image.getHeight(); y++) {
        raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, band, row);
        for (int x = 0; x < width; x++) {
          if (row[x] != 0) {
            out[y * width + x] = 1;
          }
        }
      }
    }
    return out;
  }
}
