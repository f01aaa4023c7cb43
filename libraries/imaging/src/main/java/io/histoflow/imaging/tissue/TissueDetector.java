package io.histoflow.imaging.tissue;

import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.colour.OpticalDensity;

/**
 * Tells tiles with tissue from background: empty glass, on which the network would find nothing.
 *
 * <p>A tile is background only where each block of {@value #BLOCK} x {@value #BLOCK} pixels is as
 * bright and as grey as glass, on average over its pixels: recall comes first, so one small nucleus
 * anywhere makes it tissue, and so do pen marks, dust and glass that is lit badly. Averages over a
 * block, so that the noise of a sensor or of JPEG does not. The study of background tiles ({@code
 * io.histoflow.segmentation.study}) measures what the bounds lose and win.
 */
public final class TissueDetector {

  /** Edge of a block in pixels; half a small nucleus at 20x (0.5 micrometres a pixel). */
  static final int BLOCK = 4;

  /**
   * Optical density (natural logarithm) of a block's densest channel above which it is no glass: an
   * intensity of 217. Glass has 0.05 to 0.15; of 1,032 real tiles of 256 pixels with nuclei the
   * palest has a block of 0.57.
   */
  static final float DENSEST_OF_GLASS = 0.16f;

  /** Difference of the densities of two channels above which a block has a colour. */
  static final float COLOUR_OF_GLASS = 0.08f;

  private static final int CHANNELS = 3;

  private TissueDetector() {}

  /** Says whether any block of the tile may be tissue. */
  public static boolean hasTissue(RgbImage tile) {
    for (int y = 0; y < tile.height(); y += BLOCK) {
      for (int x = 0; x < tile.width(); x += BLOCK) {
        if (isTissue(tile, x, y)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Blocks at the right and bottom edges are as large as what lies inside the tile. */
  private static boolean isTissue(RgbImage tile, int left, int top) {
    byte[] rgb = tile.rgb();
    int right = Math.min(tile.width(), left + BLOCK);
    int bottom = Math.min(tile.height(), top + BLOCK);
    int red = 0;
    int green = 0;
    int blue = 0;
    for (int y = top; y < bottom; y++) {
      int end = CHANNELS * (y * tile.width() + right);
      for (int i = CHANNELS * (y * tile.width() + left); i < end; i += CHANNELS) {
        red += rgb[i] & 0xFF;
        green += rgb[i + 1] & 0xFF;
        blue += rgb[i + 2] & 0xFF;
      }
    }
    int pixels = (right - left) * (bottom - top);
    float densest = density(Math.min(red, Math.min(green, blue)), pixels);
    float palest = density(Math.max(red, Math.max(green, blue)), pixels);
    return densest > DENSEST_OF_GLASS || densest - palest > COLOUR_OF_GLASS;
  }

  private static float density(int sum, int pixels) {
    return OpticalDensity.of((byte) (sum / pixels));
  }
}
