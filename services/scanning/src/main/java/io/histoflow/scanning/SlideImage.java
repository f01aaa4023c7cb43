package io.histoflow.scanning;

import io.histoflow.imaging.ImageFileFormat;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.ImageDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/** An open image of any size, read by regions. Belongs to one thread. */
public interface SlideImage extends AutoCloseable {

  /**
   * Opens an image by what its first bytes say: TIFF by regions, PNG and JPEG whole.
   *
   * @throws ImageRejectedException where it is none of these or cannot be read; the message begins
   *     with the file's name
   */
  static SlideImage open(Path file) throws ImageRejectedException {
    if (!Files.isRegularFile(file)
        || ImageFileFormat.sniff(file).orElse(null) != ImageFileFormat.TIFF) {
      return new DecodedImage(new ImageDecoder(ImageLimits.forFiles()).decode(file));
    }
    return TiffImage.open(file);
  }

  /** Width in level-0 pixels, turned as the file says. */
  int width();

  /** Height in level-0 pixels, turned as the file says. */
  int height();

  /**
   * Micrometres per level-0 pixel, where the file tells and the figure is possible; of pixels that
   * are not square the geometric mean, so that areas are right.
   */
  default OptionalDouble micronsPerPixel() {
    return OptionalDouble.empty();
  }

  /** The scanner, where the file tells. */
  default Optional<String> scanner() {
    return Optional.empty();
  }

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
