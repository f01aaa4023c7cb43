package io.histoflow.imaging.tissue;

import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid;
import io.histoflow.imaging.colour.OpticalDensity;

/**
 * Where a slide has tissue, told from a small copy of it whose pixels are about 8 micrometres wide.
 *
 * <p>A pixel is glass only where it is hardly denser than the slide's own glass and has no more
 * colour. Recall comes first: a lone nucleus on glass, a quarter of which lies in a pixel, is above
 * both bounds; so are pen, dust and what could not be read. Otsu's threshold is not used: of a
 * slide without glass it calls the paler half of the tissue glass, nuclei among it.
 *
 * <p>Densities are natural logarithms, as {@link OpticalDensity} has them.
 */
public final class TissueMap {

  /** Density of a channel above that of glass. */
  static final float DENSER = 0.04f;

  /** Difference of the densities of two channels, each above that of glass. */
  static final float COLOURED = 0.03f;

  /**
   * Glass is no denser than this, an intensity of 217: in a slide that is covered with tissue the
   * palest pixels must not stand for glass.
   */
  static final float DENSEST_GLASS = 0.16f;

  /** Share of pixels that are brighter than glass: dust and scratches shine. */
  private static final double BRIGHTER = 0.02;

  private static final int CHANNELS = 3;
  private static final int INTENSITIES = 256;

  private final Mask mask;

  private TissueMap(Mask mask) {
    this.mask = mask;
  }

  /** Looks for tissue. */
  public static TissueMap of(RgbImage thumbnail) {
    float[] glass = glass(thumbnail);
    byte[] rgb = thumbnail.rgb();
    byte[] tissue = new byte[thumbnail.width() * thumbnail.height()];
    for (int pixel = 0; pixel < tissue.length; pixel++) {
      float densest = Float.NEGATIVE_INFINITY;
      float palest = Float.POSITIVE_INFINITY;
      for (int c = 0; c < CHANNELS; c++) {
        float density = OpticalDensity.of(rgb[CHANNELS * pixel + c]) - glass[c];
        densest = Math.max(densest, density);
        palest = Math.min(palest, density);
      }
      tissue[pixel] = (byte) (densest > DENSER || densest - palest > COLOURED ? 1 : 0);
    }
    return new TissueMap(Mask.of(thumbnail.width(), thumbnail.height(), tissue));
  }

  /** The pixels of the small copy that show tissue. */
  public Mask mask() {
    return mask;
  }

  /** Whether there is any at all. */
  public boolean isEmpty() {
    return mask.positivePixels() == 0;
  }

  /**
   * Whether a part of the slide, or a pixel beside it, has tissue.
   *
   * @param part in pixels of the slide
   * @param scale pixels of the slide along a pixel of the small copy
   */
  public boolean hasTissue(TileGrid.Tile part, double scale) {
    int left = place(part.x() / scale - 1, mask.width());
    int right = place((part.x() + part.width()) / scale + 1, mask.width());
    int top = place(part.y() / scale - 1, mask.height());
    int bottom = place((part.y() + part.height()) / scale + 1, mask.height());
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        if (mask.at(x, y)) {
          return true;
        }
      }
    }
    return false;
  }

  private static int place(double at, int length) {
    return (int) Math.max(0, Math.min(length - 1.0, Math.floor(at)));
  }

  /** The density of glass in each channel. */
  private static float[] glass(RgbImage thumbnail) {
    byte[] rgb = thumbnail.rgb();
    int[][] counts = new int[CHANNELS][INTENSITIES];
    for (int i = 0; i < rgb.length; i++) {
      counts[i % CHANNELS][rgb[i] & 0xFF]++;
    }
    float[] glass = new float[CHANNELS];
    for (int c = 0; c < CHANNELS; c++) {
      int brighter = (int) (BRIGHTER * rgb.length / CHANNELS);
      int intensity = INTENSITIES - 1;
      while (intensity > 0 && brighter >= counts[c][intensity]) {
        brighter -= counts[c][intensity--];
      }
      glass[c] = Math.min(DENSEST_GLASS, OpticalDensity.of((byte) intensity));
    }
    return glass;
  }
}
