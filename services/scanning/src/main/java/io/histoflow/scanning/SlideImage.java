package io.histoflow.scanning;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import java.util.Optional;
import java.util.OptionalDouble;

/** An open image of any size, read by regions. Belongs to one thread. */
public interface SlideImage extends AutoCloseable {

  /** Width in level-0 pixels, turned as the file says. */
  int width();

  /** Height in level-0 pixels, turned as the file says. */
  int height();

  /**
   * Micrometres per level-0 pixel, where the file tells and the figure is possible; of pixels that
   * are not square the geometric mean, so that areas are right.
   */
  OptionalDouble micronsPerPixel();

  /** The scanner, where the file tells. */
  Optional<String> scanner();

  /** What the user has to know of how the file is read, one sentence, where there is something. */
  default Optional<String> notice() {
    return Optional.empty();
  }

  /**
   * Reads a region. Regions are read fastest row by row, from left to right.
   *
   * @throws ImageRejectedException where it cannot be read
   */
  RgbImage region(int x, int y, int width, int height) throws ImageRejectedException;

  @Override
  void close();
}
