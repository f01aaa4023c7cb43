package io.histoflow.imaging.tissue;

import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.colour.OpticalDensity;
import java.util.Optional;

/**
 * Finds pen ink on the glass, which a network takes for nuclei: strokes by which people mark a
 * region.
 *
 * <p>Haematoxylin and eosin both absorb green light most. A block of {@value #BLOCK} x {@value
 * #BLOCK} pixels is under ink where, on average over it, red is absorbed more than green (blue
 * inks), green is absorbed least (green inks), or all three alike and almost wholly (black inks);
 * in such a block each pixel of that hue is ink. Averages, because at the edge of a nucleus the
 * three channels of a scanner do not quite meet. Red, brown and purple inks have hues that stains
 * have too, and thin ink over thick tissue has the tissue's: they are not recognised.
 *
 * <p>Densities are natural logarithms, as {@link OpticalDensity} has them.
 */
public final class InkDetector {

  /** Edge of a block in pixels: narrower than a nucleus at 40x, so that strokes have edges. */
  static final int BLOCK = 8;

  /** Density of the channel that coloured ink absorbs most: glass may have a tint, a paler one. */
  static final float FAINT = 0.3f;

  /** Density of red above that of green. */
  static final float BLUE = 0.1f;

  /**
   * Density of red and green in blue ink that lets neither through, so that they cannot be told
   * apart.
   */
  static final float DEEP = 1.5f;

  /** Density of blue by that of red and green in such ink; 0.44 in haematoxylin. */
  static final float CLEAR = 0.4f;

  /** Density of red by that of green in such ink. */
  static final float EQUAL = 0.9f;

  /** Density of red and of blue above that of green. */
  static final float GREEN = 0.05f;

  /** Density of every channel: an intensity of 56. */
  static final float BLACK = 1.5f;

  /** Least density by the largest one in black ink; melanin and carbon are browner. */
  static final float NEUTRAL = 0.8f;

  /** Density of every channel, an intensity of 27, where the stain below shows least. */
  static final float DEEP_BLACK = 2.2f;

  /** As {@link #NEUTRAL}, of deep black: no pigment is as dark. */
  static final float DEEP_NEUTRAL = 0.75f;

  /**
   * Least share of a tile's pixels that is a stroke: pens draw a third of a millimetre wide. Of
   * real tiles without ink few have any such pixel, and none as many.
   */
  static final double LEAST_SHARE = 0.005;

  private static final int CHANNELS = 3;

  private final RgbImage tile;
  private final byte[] ink;
  private int found;

  private InkDetector(RgbImage tile) {
    this.tile = tile;
    this.ink = new byte[tile.width() * tile.height()];
  }

  /** Returns the pixels that show ink; empty where there are none, or too few to be a stroke. */
  public static Optional<Mask> find(RgbImage tile) {
    InkDetector detector = new InkDetector(tile);
    for (int y = 0; y < tile.height(); y += BLOCK) {
      for (int x = 0; x < tile.width(); x += BLOCK) {
        detector.look(x, y);
      }
    }
    return detector.found >= LEAST_SHARE * detector.ink.length && detector.found > 0
        ? Optional.of(Mask.of(tile.width(), tile.height(), detector.ink))
        : Optional.empty();
  }

  /** Blocks at the right and bottom edges are as large as what lies inside the tile. */
  private void look(int left, int top) {
    byte[] rgb = tile.rgb();
    int right = Math.min(tile.width(), left + BLOCK);
    int bottom = Math.min(tile.height(), top + BLOCK);
    float red = 0;
    float green = 0;
    float blue = 0;
    for (int y = top; y < bottom; y++) {
      int end = CHANNELS * (y * tile.width() + right);
      for (int i = CHANNELS * (y * tile.width() + left); i < end; i += CHANNELS) {
        red += OpticalDensity.of(rgb[i]);
        green += OpticalDensity.of(rgb[i + 1]);
        blue += OpticalDensity.of(rgb[i + 2]);
      }
    }
    int pixels = (right - left) * (bottom - top);
    Hue hue = Hue.of(red / pixels, green / pixels, blue / pixels);
    if (hue != Hue.STAIN) {
      mark(hue, left, top, right, bottom);
    }
  }

  private void mark(Hue hue, int left, int top, int right, int bottom) {
    byte[] rgb = tile.rgb();
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        int pixel = y * tile.width() + x;
        int i = CHANNELS * pixel;
        if (hue.has(
            OpticalDensity.of(rgb[i]),
            OpticalDensity.of(rgb[i + 1]),
            OpticalDensity.of(rgb[i + 2]))) {
          ink[pixel] = 1;
          found++;
        }
      }
    }
  }

  /** What a block is, and which of its pixels are so. */
  private enum Hue {
    STAIN,
    BLUE_INK,
    GREEN_INK,
    BLACK_INK;

    private static Hue of(float red, float green, float blue) {
      float most = Math.max(red, Math.max(green, blue));
      if (most < FAINT) {
        return STAIN;
      }
      if (Math.min(red, blue) - green > GREEN) {
        return GREEN_INK;
      }
      if (red - green > BLUE || isDeepBlue(red, green, blue)) {
        return BLUE_INK;
      }
      float least = Math.min(red, Math.min(green, blue));
      boolean black =
          (least > BLACK && least > NEUTRAL * most)
              || (least > DEEP_BLACK && least > DEEP_NEUTRAL * most);
      return black ? BLACK_INK : STAIN;
    }

    private static boolean isDeepBlue(float red, float green, float blue) {
      float least = Math.min(red, green);
      return least > DEEP && blue < CLEAR * least && red > EQUAL * green;
    }

    /** Looser than the block's bounds: ink spreads, and images are compressed. */
    boolean has(float red, float green, float blue) {
      return switch (this) {
        case STAIN -> false;
        case GREEN_INK -> Math.min(red, blue) - green > GREEN / 2;
        case BLUE_INK -> red - green > BLUE / 2 || isDeepBlue(red, green, blue);
        case BLACK_INK -> Math.min(red, Math.min(green, blue)) > 0.75f * BLACK;
      };
    }
  }
}
