package io.histoflow.studies.ihc;

import io.histoflow.ihc.Derivation;
import io.histoflow.ihc.DerivedLabels;
import io.histoflow.ihc.transform.Warp;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.RgbJpeg;
import io.histoflow.plots.Palette;

/**
 * A pair for people to judge: the H&E on the left, the IHC as it was brought onto it on the right,
 * the regions' outlines on both and what is uncertain paler on the left. Without labels neither.
 */
final class ReviewPicture {
  private static final double QUALITY = 0.85;
  private static final double PALE = 0.5;

  private ReviewPicture() {}

  /** Returns it as JPEG. */
  static byte[] of(RgbImage he, RgbImage ihc, Derivation found) {
    int width = he.width();
    RgbImage moved = Warp.of(ihc, found.transform(), width, he.height());
    byte[] rgb = new byte[2 * he.rgb().length];
    for (int i = 0; i < width * he.height(); i++) {
      int left = i / width * 2 * width + i % width;
      int right = left + width;
      System.arraycopy(he.rgb(), 3 * i, rgb, 3 * left, 3);
      System.arraycopy(moved.rgb(), 3 * i, rgb, 3 * right, 3);
      if (found.labels().isPresent()) {
        DerivedLabels labels = found.labels().get();
        if (labels.uncertain().values()[i] != 0) {
          lighten(rgb, 3 * left);
        }
        if (onOutline(labels.mask().values(), i, width)) {
          paint(rgb, 3 * left);
          paint(rgb, 3 * right);
        }
      }
    }
    return RgbJpeg.encode(RgbImage.of(2 * width, he.height(), rgb), QUALITY);
  }

  private static boolean onOutline(byte[] mask, int at, int width) {
    if (mask[at] == 0) {
      return false;
    }
    int column = at % width;
    return (column > 0 && mask[at - 1] == 0)
        || (column < width - 1 && mask[at + 1] == 0)
        || (at >= width && mask[at - width] == 0)
        || (at + width < mask.length && mask[at + width] == 0);
  }

  private static void lighten(byte[] rgb, int at) {
    for (int c = 0; c < 3; c++) {
      int value = rgb[at + c] & 0xFF;
      rgb[at + c] = (byte) Math.round(value + PALE * (255 - value));
    }
  }

  private static void paint(byte[] rgb, int at) {
    rgb[at] = (byte) Palette.VERMILION.getRed();
    rgb[at + 1] = (byte) Palette.VERMILION.getGreen();
    rgb[at + 2] = (byte) Palette.VERMILION.getBlue();
  }
}
