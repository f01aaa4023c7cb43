package io.histoflow.imaging.tiff;

import io.histoflow.imaging.DecodedParts;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One image of a TIFF, of which regions are decoded strip by strip or tile by tile. What was
 * decoded last is kept for the next region. Safe for use by several threads.
 */
final class TiffLevel {

  /** What one region may need of them: strips are as wide as the slide. */
  private static final long REGION_BYTES = 512L << 20;

  private static final byte GLASS = (byte) 255;

  private final TiffPage page;
  private final List<TiffCodec> codecs;
  private final Orientation orientation;
  private final DecodedParts segments = new DecodedParts();

  /**
   * @param page how it is stored
   * @param codecs one, or three for its red, green and blue
   */
  TiffLevel(TiffPage page, List<TiffCodec> codecs) throws IOException, ImageRejectedException {
    this.page = page;
    this.codecs = List.copyOf(codecs);
    this.orientation = Orientation.of(page.fields().number(TiffTag.ORIENTATION, 1));
  }

  TiffDirectory fields() {
    return page.fields();
  }

  boolean isJpeg2000() {
    return page.kind().isJpeg2000();
  }

  /** Width in pixels, as displayed. */
  int width() {
    return orientation.swapsSides() ? page.height() : page.width();
  }

  /** Height in pixels, as displayed. */
  int height() {
    return orientation.swapsSides() ? page.width() : page.height();
  }

  /**
   * Refuses a region that reaches outside.
   *
   * @throws IllegalArgumentException where it does
   */
  void requireInside(int x, int y, int width, int height) {
    if (x < 0 || y < 0 || width < 1 || height < 1 || width > width() - x || height > height() - y) {
      throw new IllegalArgumentException(
          "The region %d x %d at (%d, %d) does not lie inside %d x %d pixels"
              .formatted(width, height, x, y, width(), height()));
    }
  }

  /** As {@link TiffFile#region(int, int, int, int, int)}. */
  RgbImage region(int x, int y, int width, int height) throws IOException, ImageRejectedException {
    Orientation.Area stored =
        orientation.stored(new Orientation.Area(x, y, width, height), page.width(), page.height());
    return orientation.apply(stored(stored));
  }

  /** Bytes of the pixels of one strip or tile. */
  long segmentBytes() {
    return 3L * page.segmentWidth() * page.segmentHeight();
  }

  /** Lets go of what was decoded. */
  void forget() {
    segments.forget();
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
        Optional<RgbImage> segment = whole ? read(column, row) : kept(column, row, needed);
        copy(segment, column * w, row * h, area, out);
      }
    }
    return RgbImage.of(area.width(), area.height(), out);
  }

  private Optional<RgbImage> kept(int column, int row, long needed)
      throws IOException, ImageRejectedException {
    return segments.get((long) row * page.across() + column, needed, () -> read(column, row));
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
}
