package io.histoflow.imaging.tiff;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.imageio.Guarded;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A TIFF, BigTIFF or Aperio SVS, of which regions are decoded: strip by strip or tile by tile, so
 * that a damaged one costs the regions that it lies in and no other. Strips and tiles that the file
 * leaves out are white, the colour of empty glass.
 *
 * <p>Its largest image is meant; levels of a pyramid, label and macro are left alone. Pixels are
 * turned as its orientation says; a colour profile is not applied, as in every other format.
 * Belongs to one thread.
 */
public final class TiffFile implements AutoCloseable {

  /** Decoded strips and tiles that are kept for the next region. */
  private static final long CACHE_BYTES = 64L << 20;

  /** What one region may need of them: strips are as wide as the slide. */
  private static final long REGION_BYTES = 512L << 20;

  private static final int MOST_TEXT = 1 << 20;
  private static final byte GLASS = (byte) 255;

  private final AutoCloseable file;
  private final TiffStack stack;
  private final TiffPage page;
  private final List<TiffCodec> codecs = new ArrayList<>();
  private final Orientation orientation;
  private final Map<Long, RgbImage> cache = new LinkedHashMap<>(16, 0.75f, true);
  private long cached;

  private TiffFile(AutoCloseable file, ByteSource source, ImageLimits limits, boolean wholeImage)
      throws IOException, ImageRejectedException {
    this.file = file;
    this.stack = TiffStack.of(TiffDirectory.all(source));
    TiffPage first = null;
    for (TiffDirectory image : stack.images()) {
      TiffPage next = wholeImage ? TiffPage.of(image, limits) : TiffPage.ofSlide(image, limits);
      first = first == null ? next : first;
      if (!next.isLike(first)) {
        throw new ImageRejectedException(
            "the TIFF stores its red, green and blue differently; save it as one RGB image");
      }
      codecs.add(new TiffCodec(source, next));
    }
    this.page = first;
    this.orientation = Orientation.of(page.fields().number(TiffTag.ORIENTATION, 1));
  }

  /**
   * Opens a file. Nothing of its pixels is decoded.
   *
   * @throws ImageRejectedException where it is damaged or of a kind that is not supported; the
   *     message begins with its name
   */
  public static TiffFile open(Path path) throws ImageRejectedException {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      FileChannel open = channel;
      ByteSource source = ByteSource.of(open);
      return Guarded.decoding(
          "the TIFF", () -> new TiffFile(open, source, ImageLimits.forFiles(), false));
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
    return Guarded.decoding("the TIFF", () -> new TiffFile(() -> {}, source, limits, true));
  }

  /** Width in pixels, as displayed. */
  public int width() {
    return orientation.swapsSides() ? page.height() : page.width();
  }

  /** Height in pixels, as displayed. */
  public int height() {
    return orientation.swapsSides() ? page.width() : page.height();
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
    return Guarded.decoding("the TIFF", () -> page.fields().text(tag, MOST_TEXT));
  }

  /** A field of numbers of the image: its first, where it is there. */
  public OptionalDouble number(TiffTag tag) throws ImageRejectedException {
    return Guarded.decoding("the TIFF", () -> page.fields().fraction(tag));
  }

  /** How many images of the file are neither this one nor known to show the same. */
  public int imagesLeftOut() {
    return stack.leftOut();
  }

  /**
   * Decodes a region. Regions are read fastest row by row, from left to right.
   *
   * @param x left edge in pixels, as displayed
   * @param y top edge in pixels, as displayed
   * @param width in pixels, 1 or more
   * @param height in pixels, 1 or more
   * @throws ImageRejectedException where a strip or tile that it lies in is damaged, or it needs
   *     more than 512 MiB of them
   * @throws IllegalArgumentException where it reaches outside the image
   */
  public RgbImage region(int x, int y, int width, int height) throws ImageRejectedException {
    if (x < 0 || y < 0 || width < 1 || height < 1 || width > width() - x || height > height() - y) {
      throw new IllegalArgumentException(
          "The region %d x %d at (%d, %d) does not lie inside %d x %d pixels"
              .formatted(width, height, x, y, width(), height()));
    }
    Orientation.Area stored =
        orientation.stored(new Orientation.Area(x, y, width, height), page.width(), page.height());
    return Guarded.decoding("the TIFF", () -> orientation.apply(stored(stored)));
  }

  @Override
  public void close() {
    cache.clear();
    closeQuietly(file);
  }

  private RgbImage stored(Orientation.Area area) throws IOException, ImageRejectedException {
    int w = page.segmentWidth();
    int h = page.segmentHeight();
    int left = area.x() / w;
    int right = (area.x() + area.width() - 1) / w;
    int top = area.y() / h;
    int bottom = (area.y() + area.height() - 1) / h;
    boolean whole = area.width() == page.width() && area.height() == page.height();
    long needed = 3L * w * h * (right - left + 1) * (bottom - top + 1);
    if (!whole && needed > REGION_BYTES) {
      throw new ImageRejectedException(
          ("the TIFF is stored in strips or tiles of %s x %s pixels, too large to read parts"
                  + " of it; convert it to tiles, for example with: vips tiffsave IN OUT.tif --tile"
                  + " --pyramid --compression jpeg")
              .formatted(w, h));
    }
    byte[] out = new byte[Math.multiplyExact(3 * area.width(), area.height())];
    for (int row = top; row <= bottom; row++) {
      for (int column = left; column <= right; column++) {
        Optional<RgbImage> segment =
            whole ? read(column, row) : cached(column, row, Math.max(needed, CACHE_BYTES));
        copy(segment, column * w, row * h, area, out);
      }
    }
    return RgbImage.of(area.width(), area.height(), out);
  }

  private Optional<RgbImage> cached(int column, int row, long most)
      throws IOException, ImageRejectedException {
    long key = (long) row * page.across() + column;
    if (cache.containsKey(key)) {
      return Optional.of(cache.get(key));
    }
    Optional<RgbImage> segment = read(column, row);
    if (segment.isPresent()) {
      cache.put(key, segment.get());
      cached += segment.get().rgb().length;
      var oldest = cache.values().iterator();
      while (cached > most && oldest.hasNext()) {
        cached -= oldest.next().rgb().length;
        oldest.remove();
      }
    }
    return segment;
  }

  private Optional<RgbImage> read(int column, int row) throws IOException, ImageRejectedException {
    return TiffCodec.whole(
        codecs.size(), "a colour channel", channel -> codecs.get(channel).read(column, row));
  }

  /** Copies what a segment at (x, y) shares with an area. */
  private void copy(Optional<RgbImage> segment, int x, int y, Orientation.Area area, byte[] out) {
    int height = segment.map(RgbImage::height).orElse(page.segmentHeight());
    int from = Math.max(x, area.x());
    int to = Math.min(x + page.segmentWidth(), area.x() + area.width());
    int last = Math.min(y + height, area.y() + area.height());
    for (int line = Math.max(y, area.y()); line < last; line++) {
      int target = 3 * ((line - area.y()) * area.width() + from - area.x());
      int length = 3 * (to - from);
      if (segment.isEmpty()) {
        Arrays.fill(out, target, target + length, GLASS);
      } else {
        int source = 3 * ((line - y) * page.segmentWidth() + from - x);
        System.arraycopy(segment.get().rgb(), source, out, target, length);
      }
    }
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
