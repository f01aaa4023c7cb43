package io.histoflow.datasets.alignment;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.colour.DensityChannel;

/**
 * Finds the translation by which a mask fits the haematoxylin of its image best, and moves the mask
 * by it. One translation an image, found from image and mask alone, so no network has a part in it.
 *
 * <p>The correlation of mask and stain is computed for whole pixels up to {@value #REACH} each way;
 * a quadratic surface through the nine values around the highest gives the fraction, as is usual in
 * image registration.
 */
public final class MaskAlignment {

  /** Whole pixels that are tried each way; what fits best at the rim is not believed. */
  static final int REACH = 3;

  /** Smaller images say nothing: a quarter of a nucleus is in sight. */
  private static final int LEAST_EDGE = 32;

  private static final int FEWEST_POSITIVE = 200;

  /** Masks of nuclei have 0.5 to 0.8; below this, mask and stain have little to do with another. */
  private static final double LEAST_CORRELATION = 0.2;

  private MaskAlignment() {}

  /** Returns how far a tile's mask must move to lie on its image. */
  public static MaskOffset offset(LabelledTile tile) {
    RgbImage image = tile.image();
    if (Math.min(image.width(), image.height()) < LEAST_EDGE) {
      return MaskOffset.none(Double.NaN);
    }
    double[][] correlations = correlations(tile);
    double asItLies = correlations[REACH][REACH];
    if (tile.mask().positivePixels() < FEWEST_POSITIVE) {
      return MaskOffset.none(asItLies);
    }
    int bestDown = 0;
    int bestRight = 0;
    double best = asItLies;
    for (int down = -REACH; down <= REACH; down++) {
      for (int right = -REACH; right <= REACH; right++) {
        double here = correlations[REACH + down][REACH + right];
        if (here > best) {
          best = here;
          bestDown = down;
          bestRight = right;
        }
      }
    }
    boolean atRim = Math.max(Math.abs(bestDown), Math.abs(bestRight)) == REACH;
    if (!(best >= LEAST_CORRELATION) || atRim) {
      return MaskOffset.none(asItLies);
    }
    return peak(correlations, bestDown, bestRight);
  }

  /** The correlation of each move, rows from up to down and in them from left to right. */
  private static double[][] correlations(LabelledTile tile) {
    StainCorrelation correlation =
        new StainCorrelation(
            DensityChannel.HAEMATOXYLIN.of(tile.image().rgb()), tile.mask(), REACH);
    double[][] correlations = new double[2 * REACH + 1][2 * REACH + 1];
    for (int down = -REACH; down <= REACH; down++) {
      for (int right = -REACH; right <= REACH; right++) {
        correlations[REACH + down][REACH + right] = correlation.of(down, right);
      }
    }
    return correlations;
  }

  /** The top of the least-squares quadratic through the nine correlations around the best one. */
  private static MaskOffset peak(double[][] correlations, int bestDown, int bestRight) {
    double slopeDown = 0;
    double slopeRight = 0;
    double bendDown = 0;
    double bendRight = 0;
    double twist = 0;
    for (int down = -1; down <= 1; down++) {
      for (int right = -1; right <= 1; right++) {
        double value = correlations[REACH + bestDown + down][REACH + bestRight + right];
        slopeDown += down * value / 6;
        slopeRight += right * value / 6;
        bendDown += (down == 0 ? -2 : 1) * value / 3;
        bendRight += (right == 0 ? -2 : 1) * value / 3;
        twist += down * right * value / 4;
      }
    }
    double asItLies = correlations[REACH][REACH];
    double determinant = bendDown * bendRight - twist * twist;
    if (!(bendDown < 0 && determinant > 0)) {
      return MaskOffset.none(asItLies);
    }
    double down = (twist * slopeRight - bendRight * slopeDown) / determinant;
    double right = (twist * slopeDown - bendDown * slopeRight) / determinant;
    return new MaskOffset(
        bestDown + withinAPixel(down), bestRight + withinAPixel(right), asItLies, true);
  }

  private static double withinAPixel(double fraction) {
    return Math.max(-1, Math.min(1, fraction));
  }

  /**
   * Moves a mask: a pixel is positive where half of the area that comes to lie on it is. So slanted
   * edges move by the fraction, edges along rows and columns by the nearest whole pixel. What comes
   * from outside repeats the edge.
   */
  public static Mask moved(Mask mask, MaskOffset offset) {
    if (offset.down() == 0 && offset.right() == 0) {
      return mask;
    }
    int wholeDown = (int) Math.floor(offset.down());
    int wholeRight = (int) Math.floor(offset.right());
    double partDown = offset.down() - wholeDown;
    double partRight = offset.right() - wholeRight;
    byte[] moved = new byte[mask.values().length];
    for (int y = 0; y < mask.height(); y++) {
      int below = row(mask, y - wholeDown);
      int above = row(mask, y - wholeDown - 1);
      for (int x = 0; x < mask.width(); x++) {
        int rightOf = column(mask, x - wholeRight);
        int leftOf = column(mask, x - wholeRight - 1);
        double share =
            (1 - partDown)
                    * ((1 - partRight) * value(mask, rightOf, below)
                        + partRight * value(mask, leftOf, below))
                + partDown
                    * ((1 - partRight) * value(mask, rightOf, above)
                        + partRight * value(mask, leftOf, above));
        moved[y * mask.width() + x] = (byte) (share >= 0.5 ? 1 : 0);
      }
    }
    return Mask.of(mask.width(), mask.height(), moved);
  }

  private static int row(Mask mask, int y) {
    return Math.max(0, Math.min(mask.height() - 1, y));
  }

  private static int column(Mask mask, int x) {
    return Math.max(0, Math.min(mask.width() - 1, x));
  }

  private static int value(Mask mask, int x, int y) {
    return mask.values()[y * mask.width() + x];
  }
}
