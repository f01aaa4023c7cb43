package io.histoflow.studies.overlay;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.scanning.image.SlideImage;
import java.util.BitSet;

/**
 * Draws a slide with its mask: on the left the whole slide in small, tinted where the mask is
 * positive; on the right, framed there, the part that has most of it, at full magnification and
 * with outlines. Of the slide a band of rows is in memory.
 *
 * @param slide the slide
 * @param mask grey or black and white, of the same shape at any size; positive above 127
 * @param panelWidth of each half in pixels, 16 to the slide's width
 */
record Overlay(SlideImage slide, SlideImage mask, int panelWidth) {
  private static final int POSITIVE = 127;
  private static final int CHANNELS = 3;
  private static final int[] COLOUR = {0, 230, 118};
  private static final double TINT = 0.55;

  /** Shapes agree where a column of the mask is off by less than a pixel and a half. */
  private static final double ROUNDING = 1.5;

  Overlay {
    if (panelWidth < 16 || panelWidth > slide.width()) {
      throw new IllegalArgumentException(
          "The picture's halves are 16 to %s pixels wide, not %s."
              .formatted(slide.width(), panelWidth));
    }
    double expected = (double) mask.width() * slide.height() / slide.width();
    if (Math.abs(expected - mask.height()) > ROUNDING) {
      throw new IllegalArgumentException(
          "The mask of %d x %d pixels is of another slide than %d x %d."
              .formatted(mask.width(), mask.height(), slide.width(), slide.height()));
    }
  }

  /** Returns the picture. */
  RgbImage draw() throws ImageRejectedException {
    int step = (slide.width() + panelWidth - 1) / panelWidth;
    int width = slide.width() / step;
    int height = slide.height() / step;
    byte[] picture = new byte[CHANNELS * 2 * width * height];
    double[][] share = new double[height][width];
    for (int row = 0; row < height; row++) {
      RgbImage band = slide.region(0, row * step, width * step, step);
      BitSet positive = positive(0, row * step, width * step, step);
      for (int column = 0; column < width; column++) {
        share[row][column] = tint(band, positive, column, step, picture, row * 2 * width + column);
      }
    }
    int[] corner = densest(share, width / step, height / step);
    frame(picture, 2 * width, corner[0], corner[1], width / step, height / step);
    magnify(picture, width, height, corner[0] * step, corner[1] * step);
    return RgbImage.of(2 * width, height, picture);
  }

  /** Draws one pixel of the left half; returns the share of it that is positive. */
  private static double tint(
      RgbImage band, BitSet positive, int column, int step, byte[] picture, int at) {
    long[] sums = new long[CHANNELS];
    int found = 0;
    for (int y = 0; y < step; y++) {
      for (int x = column * step; x < (column + 1) * step; x++) {
        int pixel = y * band.width() + x;
        found += positive.get(pixel) ? 1 : 0;
        for (int c = 0; c < CHANNELS; c++) {
          sums[c] += band.rgb()[CHANNELS * pixel + c] & 0xFF;
        }
      }
    }
    double share = (double) found / (step * step);
    for (int c = 0; c < CHANNELS; c++) {
      double mean = (double) sums[c] / (step * step);
      picture[CHANNELS * at + c] = (byte) Math.round(mean + TINT * share * (COLOUR[c] - mean));
    }
    return share;
  }

  /** Where in the left half a frame of that size holds most of the mask. */
  private static int[] densest(double[][] share, int width, int height) {
    int[] best = {0, 0};
    double most = -1;
    for (int top = 0; top + height <= share.length; top += Math.max(1, height / 4)) {
      for (int left = 0; left + width <= share[0].length; left += Math.max(1, width / 4)) {
        double sum = 0;
        for (int y = top; y < top + height; y++) {
          for (int x = left; x < left + width; x++) {
            sum += share[y][x];
          }
        }
        if (sum > most) {
          most = sum;
          best = new int[] {left, top};
        }
      }
    }
    return best;
  }

  private static void frame(byte[] picture, int stride, int left, int top, int width, int height) {
    for (int y = top; y < top + height; y++) {
      for (int x = left; x < left + width; x++) {
        if (y == top || y == top + height - 1 || x == left || x == left + width - 1) {
          paint(picture, y * stride + x, 0, 0, 0);
        }
      }
    }
  }

  private void magnify(byte[] picture, int width, int height, int left, int top)
      throws ImageRejectedException {
    RgbImage part = slide.region(left, top, width, height);
    BitSet positive = positive(left, top, width, height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int pixel = y * width + x;
        int at = y * 2 * width + width + x;
        System.arraycopy(part.rgb(), CHANNELS * pixel, picture, CHANNELS * at, CHANNELS);
        boolean inside =
            x > 0
                && y > 0
                && x < width - 1
                && y < height - 1
                && positive.get(pixel - 1)
                && positive.get(pixel + 1)
                && positive.get(pixel - width)
                && positive.get(pixel + width);
        if (positive.get(pixel) && !inside) {
          paint(picture, at, COLOUR);
        }
      }
    }
  }

  private static void paint(byte[] picture, int at, int... colour) {
    for (int c = 0; c < CHANNELS; c++) {
      picture[CHANNELS * at + c] = (byte) colour[c];
    }
  }

  /** Which pixels of a part of the slide are positive, row by row. */
  private BitSet positive(int left, int top, int width, int height) throws ImageRejectedException {
    double scale = (double) mask.width() / slide.width();
    int x0 = (int) (left * scale);
    int y0 = (int) (top * scale);
    int x1 = Math.min(mask.width(), (int) Math.ceil((left + width) * scale) + 1);
    int y1 = Math.min(mask.height(), (int) Math.ceil((top + height) * scale) + 1);
    RgbImage part = mask.region(x0, y0, x1 - x0, y1 - y0);
    BitSet positive = new BitSet(width * height);
    for (int y = 0; y < height; y++) {
      int row = Math.min(part.height() - 1, (int) ((top + y) * scale) - y0);
      for (int x = 0; x < width; x++) {
        int column = Math.min(part.width() - 1, (int) ((left + x) * scale) - x0);
        int value = part.rgb()[CHANNELS * (row * part.width() + column)] & 0xFF;
        positive.set(y * width + x, value > POSITIVE);
      }
    }
    return positive;
  }
}
