package io.histoflow.imaging.imageio;

import io.histoflow.imaging.RgbImage;
import java.awt.image.Raster;

/** Converts the four channels of print images into RGB, without an ink profile. */
public final class Cmyk {

  private static final int YCCK = 2;

  private Cmyk() {}

  /**
   * Converts a JPEG's channels.
   *
   * @param raster four bands: C, M, Y, K, or Y, Cb, Cr, K
   * @param adobeTransform the Adobe segment's transform: 2 for YCCK, 0 for CMYK, or -1 without such
   *     a segment; with one, inks are stored inverted
   */
  static RgbImage toRgb(Raster raster, int adobeTransform) {
    return toRgb(raster, 8, adobeTransform == YCCK, adobeTransform >= 0);
  }

  /**
   * Converts channels of a TIFF.
   *
   * @param raster four bands: C, M, Y, K; 0 is no ink
   * @param bits of a sample, 8 or 16
   */
  public static RgbImage toRgbOfInks(Raster raster, int bits) {
    return toRgb(raster, bits, false, false);
  }

  private static RgbImage toRgb(Raster raster, int bits, boolean ycck, boolean inverted) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] out = new byte[width * height * 3];
    int[] row = new int[width * 4];
    int noLight = inverted ? 0 : 255;
    int o = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int i = 0; i < row.length; i += 4) {
        if (ycck) {
          yccToRgb(row, i);
        }
        int key = Math.abs(noLight - (row[i + 3] >> (bits - 8)));
        for (int c = 0; c < 3; c++) {
          int light = Math.abs(noLight - (row[i + c] >> (bits - 8)));
          out[o++] = (byte) ((light * key + 127) / 255);
        }
      }
    }
    return RgbImage.of(width, height, out);
  }

  /** Full-range BT.601 as in JFIF; what comes out is C, M, Y. */
  private static void yccToRgb(int[] row, int i) {
    double luma = row[i];
    double cb = row[i + 1] - 128.0;
    double cr = row[i + 2] - 128.0;
    row[i] = clamp(luma + 1.402 * cr);
    row[i + 1] = clamp(luma - 0.344136 * cb - 0.714136 * cr);
    row[i + 2] = clamp(luma + 1.772 * cb);
  }

  private static int clamp(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }
}
