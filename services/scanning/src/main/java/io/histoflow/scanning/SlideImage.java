package io.histoflow.scanning;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import java.util.Optional;
import java.util.OptionalDouble;

/** An open image of any size, read by regions. Belongs to one thread. */
public interface SlideImage extends AutoCloseable {

  /** Width in level-0 pixels. */
  int width();

  /** Height in level-0 pixels. */
  int height();

  /** Micrometres per level-0 pixel, where the file tells and the figure is possible. */
  OptionalDouble micronsPerPixel();

  /** The scanner, where the file tells. */
  Optional<String> scanner();

  /**
   * Reads a region. Regions are read fastest row by row, from left to right.
   *
   * @throws ImageRejectedException where it cannot be read
   */
  RgbImage region(int x, int y, int width, int height) throws ImageRejectedException;

  @Override
  void close();
}
