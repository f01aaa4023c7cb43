package io.histoflow.scanning.image;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A slide in small: pixels about 8 micrometres wide, each the mean of those that it covers. What
 * cannot be read is black, so that nobody takes it for glass.
 *
 * @param image the pixels
 * @param scale level-0 pixels along one of them
 */
public record Thumbnail(RgbImage image, double scale) {

  /** A nucleus is about as wide. */
  private static final double MICRONS = 8;

  /** Of a slide whose resolution is not known: as if it were scanned at 40x. */
  private static final double ASSUMED_MICRONS = 0.25;

  /** Pixels that are read for it: without smaller levels more would take minutes. */
  private static final long MOST_READ = 1_000_000_000L;

  private static final int MOST_PIXELS = 64 << 20;

  /** Edge of what is read at a time, in pixels of the level. */
  private static final int BLOCK = 1024;

  private static final int CHANNELS = 3;

  /**
   * Reads a slide in small, from the smallest level that is fine enough.
   *
   * @param micronsPerPixel of level 0, where it is known
   * @return empty where too many pixels would have to be read
   */
  public static Optional<Thumbnail> of(SlideImage slide, OptionalDouble micronsPerPixel) {
    double wanted = Math.max(1, MICRONS / micronsPerPixel.orElse(ASSUMED_MICRONS));
    int level = 0;
    for (int i = 1; i < slide.levels().size(); i++) {
      level = scale(slide, i) <= wanted ? i : level;
    }
    SlideImage.Level size = slide.levels().get(level);
    int factor = (int) Math.max(1, Math.floor(wanted / scale(slide, level)));
    long pixels = (long) across(size.width(), factor) * across(size.height(), factor);
    if ((long) size.width() * size.height() > MOST_READ || pixels > MOST_PIXELS) {
      return Optional.empty();
    }
    RgbImage image = new Reading(slide, level, factor).run();
    return Optional.of(new Thumbnail(image, scale(slide, level) * factor));
  }

  private static double scale(SlideImage slide, int level) {
    return (double) slide.width() / slide.levels().get(level).width();
  }

  private static int across(int length, int factor) {
    return (length + factor - 1) / factor;
  }

  /** Means of squares of pixels, block by block. */
  private static final class Reading {
    private final SlideImage slide;
    private final int level;
    private final SlideImage.Level size;
    private final int factor;
    private final int width;
    private final int height;
    private final byte[] rgb;

    Reading(SlideImage slide, int level, int factor) {
      this.slide = slide;
      this.level = level;
      this.size = slide.levels().get(level);
      this.factor = factor;
      this.width = across(size.width(), factor);
      this.height = across(size.height(), factor);
      this.rgb = new byte[CHANNELS * width * height];
    }

    RgbImage run() {
      int step = Math.max(1, BLOCK / factor);
      for (int top = 0; top < height; top += step) {
        for (int left = 0; left < width; left += step) {
          block(left, top, Math.min(width, left + step), Math.min(height, top + step));
        }
      }
      return RgbImage.of(width, height, rgb);
    }

    private void block(int left, int top, int right, int bottom) {
      int x = left * factor;
      int y = top * factor;
      int w = Math.min(size.width(), right * factor) - x;
      int h = Math.min(size.height(), bottom * factor) - y;
      try {
        RgbImage pixels = slide.region(level, x, y, w, h);
        for (int row = top; row < bottom; row++) {
          for (int column = left; column < right; column++) {
            mean(pixels, (column - left) * factor, (row - top) * factor, column, row);
          }
        }
      } catch (ImageRejectedException e) {
        // The scan names it when it comes to its tiles.
      }
    }

    private void mean(RgbImage pixels, int x, int y, int column, int row) {
      int w = Math.min(factor, pixels.width() - x);
      int h = Math.min(factor, pixels.height() - y);
      long red = 0;
      long green = 0;
      long blue = 0;
      for (int line = y; line < y + h; line++) {
        int end = CHANNELS * (line * pixels.width() + x + w);
        for (int i = end - CHANNELS * w; i < end; i += CHANNELS) {
          red += pixels.rgb()[i] & 0xFF;
          green += pixels.rgb()[i + 1] & 0xFF;
          blue += pixels.rgb()[i + 2] & 0xFF;
        }
      }
      int at = CHANNELS * (row * width + column);
      long count = (long) w * h;
      rgb[at] = (byte) ((red + count / 2) / count);
      rgb[at + 1] = (byte) ((green + count / 2) / count);
      rgb[at + 2] = (byte) ((blue + count / 2) / count);
    }
  }
}
