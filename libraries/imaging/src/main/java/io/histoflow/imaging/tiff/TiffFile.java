package io.histoflow.imaging.tiff;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.imageio.Guarded;
import io.histoflow.imaging.jpeg2000.Jpeg2000Decoder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A TIFF, BigTIFF or Aperio SVS, of which regions are decoded: strip by strip or tile by tile, so
 * that a damaged one costs the regions that it lies in and no other. Strips and tiles that the file
 * leaves out are white, the colour of empty glass.
 *
 * <p>Its largest image is meant, level 0; smaller copies of it, in the chain of images or below the
 * image as OME-TIFF has them, are levels 1 and on. Pixels are turned as its orientation says; a
 * colour profile is not applied, as in every other format. Safe for use by several threads; a JPEG
 * 2000 decoder has to be, too.
 */
public final class TiffFile implements AutoCloseable {

  private static final int MOST_TEXT = 1 << 20;

  private final AutoCloseable file;
  private final ByteSource source;
  private final TiffStack stack;
  private final Optional<Jpeg2000Decoder> jpeg2000;
  private final List<TiffLevel> levels = new ArrayList<>();

  private TiffFile(
      AutoCloseable file,
      ByteSource source,
      ImageLimits limits,
      boolean wholeImage,
      Optional<Jpeg2000Decoder> jpeg2000)
      throws IOException, ImageRejectedException {
    this.file = file;
    this.source = source;
    this.jpeg2000 = jpeg2000;
    this.stack = TiffStack.of(TiffDirectory.all(source));
    levels.add(level(stack.images(), limits, wholeImage));
    if (!wholeImage && stack.images().size() == 1) {
      for (TiffDirectory smaller : stack.levels()) {
        addLevel(smaller, limits);
      }
    }
  }

  /**
   * Opens a file. Nothing of its pixels is decoded.
   *
   * @throws ImageRejectedException where it is damaged or of a kind that is not supported; the
   *     message begins with its name
   */
  public static TiffFile open(Path path) throws ImageRejectedException {
    return open(path, Optional.empty());
  }

  /**
   * As {@link #open(Path)}, JPEG 2000 tiles too.
   *
   * @param jpeg2000 decodes them; the caller closes it after the file
   */
  public static TiffFile open(Path path, Jpeg2000Decoder jpeg2000) throws ImageRejectedException {
    return open(path, Optional.of(jpeg2000));
  }

  private static TiffFile open(Path path, Optional<Jpeg2000Decoder> jpeg2000)
      throws ImageRejectedException {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      FileChannel open = channel;
      ByteSource source = ByteSource.of(open);
      return Guarded.decoding(
          "the TIFF", () -> new TiffFile(open, source, ImageLimits.forFiles(), false, jpeg2000));
    } catch (IOException e) {
      closeQuietly(channel);
      throw new ImageRejectedException(path + ": it cannot be read (" + e + ")", e);
    } catch (ImageRejectedException e) {
      closeQuietly(channel);
      throw e.of(path);
    }
  }

  /**
   * A file in memory, whose whole image has to keep to limits.
   *
   * @throws ImageRejectedException where it does not, is damaged or of a kind that is not supported
   */
  public static TiffFile of(byte[] tiff, ImageLimits limits) throws ImageRejectedException {
    ByteSource source = ByteSource.of(tiff);
    return Guarded.decoding(
        "the TIFF", () -> new TiffFile(() -> {}, source, limits, true, Optional.empty()));
  }

  /** Width in pixels, as displayed. */
  public int width() {
    return width(0);
  }

  /** Height in pixels, as displayed. */
  public int height() {
    return height(0);
  }

  /** Whether its tiles are JPEG 2000. */
  public boolean isJpeg2000() {
    return levels.get(0).isJpeg2000();
  }

  /** How many sizes the image is there in: itself and the smaller copies that can be read. */
  public int levels() {
    return levels.size();
  }

  /** Width of a level in pixels, as displayed; level 0 is the image itself. */
  public int width(int level) {
    return levels.get(level).width();
  }

  /** Height of a level in pixels, as displayed. */
  public int height(int level) {
    return levels.get(level).height();
  }

  /** Bytes of the pixels that are decoded at once on a level: of a strip or tile. */
  public long segmentBytes(int level) {
    return levels.get(level).segmentBytes();
  }

  /**
   * The description (tag 270) of the image, else of the first image of the file; empty where there
   * is none. Of a longer one the first mebibyte.
   */
  public String description() throws ImageRejectedException {
    return Guarded.decoding("the TIFF", stack::description);
  }

  /** Another field of text of the image, up to its first NUL, where it is there. */
  public Optional<String> text(TiffTag tag) throws ImageRejectedException {
    return Guarded.decoding("the TIFF", () -> levels.get(0).fields().text(tag, MOST_TEXT));
  }

  /** A field of numbers of the image: its first, where it is there. */
  public OptionalDouble number(TiffTag tag) throws ImageRejectedException {
    return Guarded.decoding("the TIFF", () -> levels.get(0).fields().fraction(tag));
  }

  /** How many images of the file are neither this one nor known to show the same. */
  public int imagesLeftOut() {
    return stack.leftOut();
  }

  /** What pictures there are beside the slide: of label, macro, thumbnail, overview. */
  public Set<String> associatedImages() {
    return Collections.unmodifiableSet(stack.associated().keySet());
  }

  /**
   * Reads a picture beside the slide whole.
   *
   * @param name one of {@link #associatedImages}
   * @throws ImageRejectedException where it is damaged or larger than a file of a data set may be
   */
  public RgbImage associatedImage(String name) throws ImageRejectedException {
    return Guarded.decoding(
        "the TIFF's " + name,
        () -> {
          TiffLevel image =
              level(List.of(stack.associated().get(name)), ImageLimits.forFiles(), true);
          return image.region(0, 0, image.width(), image.height());
        });
  }

  /** As {@link #region(int, int, int, int, int)} of the image itself. */
  public RgbImage region(int x, int y, int width, int height) throws ImageRejectedException {
    return region(0, x, y, width, height);
  }

  /**
   * Decodes a region. Regions are read fastest row by row, from left to right, on one level.
   *
   * @param level 0 to levels() - 1
   * @param x left edge in pixels of the level, as displayed
   * @param y top edge in pixels of the level, as displayed
   * @param width in pixels of the level, 1 or more
   * @param height in pixels of the level, 1 or more
   * @throws ImageRejectedException where a strip or tile that it lies in is damaged, or it needs
   *     more than 512 MiB of them
   * @throws IllegalArgumentException where it reaches outside the level
   */
  public RgbImage region(int level, int x, int y, int width, int height)
      throws ImageRejectedException {
    TiffLevel wanted = levels.get(level);
    for (TiffLevel other : levels) {
      if (other != wanted) {
        other.forget();
      }
    }
    wanted.requireInside(x, y, width, height);
    return Guarded.decoding("the TIFF", () -> wanted.region(x, y, width, height));
  }

  @Override
  public void close() {
    levels.forEach(TiffLevel::forget);
    closeQuietly(file);
  }

  /** A copy that cannot be read costs its speed and no pixel. */
  private void addLevel(TiffDirectory smaller, ImageLimits limits) {
    try {
      levels.add(level(List.of(smaller), limits, false));
    } catch (IOException | ImageRejectedException e) {
      return;
    }
  }

  private TiffLevel level(List<TiffDirectory> images, ImageLimits limits, boolean whole)
      throws IOException, ImageRejectedException {
    List<TiffCodec> codecs = new ArrayList<>();
    TiffPage first = null;
    for (TiffDirectory image : images) {
      boolean decodes = jpeg2000.isPresent();
      TiffPage next =
          whole ? TiffPage.of(image, limits, decodes) : TiffPage.ofSlide(image, limits, decodes);
      first = first == null ? next : first;
      if (!next.isLike(first)) {
        throw new ImageRejectedException(
            "the TIFF stores its red, green and blue differently; save it as one RGB image");
      }
      codecs.add(new TiffCodec(source, next, jpeg2000));
    }
    return new TiffLevel(first, codecs);
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      if (resource != null) {
        resource.close();
      }
    } catch (Exception e) {
      // Nothing was written: a file that does not close loses nothing.
      return;
    }
  }
}
