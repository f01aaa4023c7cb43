package io.histoflow.scanning.image;

import io.histoflow.imaging.ImageFileFormat;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.scanning.dicom.DicomFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An open image of any size, read by regions; most slides have smaller copies of themselves beside.
 * Safe for use by several threads, until it is closed.
 */
public interface SlideImage extends AutoCloseable {

  /**
   * Opens an image by what its first bytes say: TIFF and DICOM by regions, PNG and JPEG whole, the
   * formats of some makers through OpenSlide where that is installed.
   *
   * @throws ImageRejectedException where it is none of these or cannot be read; the message begins
   *     with the file's name
   */
  static SlideImage open(Path file) throws ImageRejectedException {
    if (!Files.isRegularFile(file)) {
      return DecodedImage.open(file);
    }
    if (DicomFile.isOne(file)) {
      return DicomImage.open(file);
    }
    if (SlideMaker.ofName(file).isPresent()) {
      return OpenSlideImage.open(file);
    }
    if (ImageFileFormat.sniff(file).orElse(null) != ImageFileFormat.TIFF) {
      return DecodedImage.open(file);
    }
    return SlideMaker.ofTiff(file).isPresent() ? OpenSlideImage.open(file) : TiffImage.open(file);
  }

  /** What reads it. */
  default Reader reader() {
    return Reader.WHOLE;
  }

  /** The image at full size, level 0, and the smaller copies of it, from large to small. */
  List<Level> levels();

  /** Width in level-0 pixels, turned as the file says. */
  default int width() {
    return levels().get(0).width();
  }

  /** Height in level-0 pixels, turned as the file says. */
  default int height() {
    return levels().get(0).height();
  }

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

  /** Which image of DICOM level 0 is, where it is one and says so. */
  default Optional<DicomIds> dicomIds() {
    return Optional.empty();
  }

  /**
   * The identifiers of a DICOM image (PS3.5, 9.1).
   *
   * @param image its SOP Instance UID
   * @param series its Series Instance UID
   * @param study its Study Instance UID, where it says so
   */
  record DicomIds(String image, String series, Optional<String> study) {
    private static final Pattern UID = Pattern.compile("[0-9][0-9.]{0,62}[0-9]");

    /** Returns them where those of image and series are such. */
    static Optional<DicomIds> of(String image, String series, String study) {
      return isOne(image) && isOne(series)
          ? Optional.of(new DicomIds(image, series, Optional.of(study).filter(DicomIds::isOne)))
          : Optional.empty();
    }

    private static boolean isOne(String text) {
      return UID.matcher(text).matches();
    }
  }

  /**
   * Where the part of the slide begins that was scanned, in level-0 pixels: viewers such as QuPath
   * show a slide from there.
   */
  default Origin origin() {
    return Origin.CORNER;
  }

  /**
   * A pixel of level 0.
   *
   * @param x column, 0 or more
   * @param y row, 0 or more
   */
  record Origin(int x, int y) {
    /** The first pixel. */
    public static final Origin CORNER = new Origin(0, 0);
  }

  /** What the user has to know of how the file is read, one sentence, where there is something. */
  default Optional<String> notice() {
    return Optional.empty();
  }

  /**
   * Reads a region. Regions are read fastest row by row, from left to right, on one level: by
   * several threads, those that lie beside each other by one.
   *
   * @param level 0 to levels().size() - 1
   * @param x left edge in pixels of the level
   * @param y top edge in pixels of the level
   * @param width in pixels of the level
   * @param height in pixels of the level
   * @throws ImageRejectedException where it cannot be read
   */
  RgbImage region(int level, int x, int y, int width, int height) throws ImageRejectedException;

  /** As {@link #region(int, int, int, int, int)} of level 0. */
  default RgbImage region(int x, int y, int width, int height) throws ImageRejectedException {
    return region(0, x, y, width, height);
  }

  /** Bytes of the pixels that are decoded at once for a region of a level, besides its own. */
  default long partBytes(int level) {
    return 0;
  }

  /** The names of pictures beside the slide: label, macro, thumbnail, overview. */
  default Set<String> associatedImages() {
    return Set.of();
  }

  /**
   * Reads a picture beside the slide.
   *
   * @param name one of {@link #associatedImages}
   * @throws ImageRejectedException where it cannot be read
   */
  default RgbImage associatedImage(String name) throws ImageRejectedException {
    throw new IllegalArgumentException("There is no picture called " + name);
  }

  @Override
  void close();

  /** What reads an image. */
  enum Reader {
    /** This program, in memory. */
    WHOLE,
    /** This program, by regions. */
    TIFF,
    /** This program, by regions, with OpenJPEG for the tiles. */
    TIFF_JPEG_2000,
    /** This program, frame by frame. */
    DICOM,
    /** OpenSlide. */
    OPENSLIDE
  }

  /**
   * One size that an image is there in.
   *
   * @param width in pixels, 1 or more
   * @param height in pixels, 1 or more
   */
  record Level(int width, int height) {

    public Level {
      if (width < 1 || height < 1) {
        throw new IllegalArgumentException(
            "A level has at least 1 x 1 pixels, not " + width + " x " + height);
      }
    }

    /**
     * Refuses a region that reaches outside.
     *
     * @throws IllegalArgumentException where it does
     */
    void requireInside(int x, int y, int regionWidth, int regionHeight) {
      boolean inside =
          x >= 0
              && y >= 0
              && regionWidth >= 1
              && regionHeight >= 1
              && regionWidth <= width - x
              && regionHeight <= height - y;
      if (!inside) {
        throw new IllegalArgumentException(
            "The region %d x %d at (%d, %d) does not lie inside %d x %d pixels"
                .formatted(regionWidth, regionHeight, x, y, width, height));
      }
    }
  }
}
