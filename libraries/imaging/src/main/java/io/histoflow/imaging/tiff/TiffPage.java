package io.histoflow.imaging.tiff;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where the pixels of one image of a TIFF lie: checked, so that what is read for a part of it is
 * bounded.
 *
 * <p>An image is stored in segments: strips as wide as the image, or tiles of one size, which reach
 * past the right and lower edges.
 */
final class TiffPage {

  /** Wider or higher is no slide; 100 gigapixels are 30 by 20 cm at 0.25 micrometres. */
  private static final int LONGEST_SIDE = 2_000_000;

  private static final long MOST_PIXELS = 100_000_000_000L;
  private static final int MOST_SEGMENTS = 1 << 22;

  /** Of an image that is decoded whole: 32 x 32 tiles of 4096 x 4096 pixels. */
  private static final int MOST_SEGMENTS_IN_ONE = 1 << 14;

  /** TIFF's own smallest tile is 16 x 16; smaller ones would cost time without bound. */
  private static final int SMALLEST_TILE = 16;

  /** Strips without compression are read in parts: many files have one strip of all rows. */
  private static final long PLAIN_PART_BYTES = 1L << 20;

  private static final int MOST_PADDING = 4;

  /** What a segment may hold beside its pixels: tables, markers, padding. */
  private static final long SPARE_BYTES = 1 << 16;

  /** No supported compression makes noise larger than that. */
  private static final int WORST_COMPRESSION = 8;

  private final TiffDirectory fields;
  private final TiffKind kind;
  private final int width;
  private final int height;
  private final boolean tiled;
  private final int segmentWidth;
  private final int segmentHeight;

  /** Rows of a strip as it is stored: a multiple of the height of a segment. */
  private final int storedHeight;

  private final int across;
  private final int down;
  private final long[] offsets;
  private final long[] byteCounts;

  private TiffPage(TiffDirectory fields, int width, int height, long mostPixels, boolean jpeg2000)
      throws IOException, ImageRejectedException {
    this.fields = fields;
    this.kind = TiffKind.of(fields, jpeg2000);
    this.width = width;
    this.height = height;
    this.tiled = isTiled(fields);
    long w = tiled ? fields.number(TiffTag.TILE_WIDTH, 0) : width;
    long h =
        tiled
            ? fields.number(TiffTag.TILE_HEIGHT, 0)
            : Math.min(height, fields.number(TiffTag.ROWS_PER_STRIP, height));
    boolean inParts = !tiled && kind.isPlain();
    checkSegment(w, inParts ? Math.min(h, 1) : h, mostPixels);
    this.segmentWidth = (int) w;
    this.storedHeight = (int) h;
    this.segmentHeight = inParts ? part(storedHeight, kind.rowBytes(width)) : storedHeight;
    this.across = (int) ceilDiv(width, segmentWidth);
    this.down = (int) ceilDiv(height, segmentHeight);
    int listed = storedDown() * across * kind.planes();
    this.offsets = list(TiffTag.TILE_OFFSETS, TiffTag.STRIP_OFFSETS, listed);
    this.byteCounts = counts(listed);
  }

  /**
   * Reads how an image is stored.
   *
   * @param image bounds on the image; its greatest number of pixels holds for a segment too
   * @param jpeg2000 whether there is a decoder for it
   * @throws ImageRejectedException where its fields contradict each other or are not supported
   */
  static TiffPage of(TiffDirectory fields, ImageLimits image, boolean jpeg2000)
      throws IOException, ImageRejectedException {
    long width = fields.number(TiffTag.WIDTH, 0);
    long height = fields.number(TiffTag.HEIGHT, 0);
    image.checkSize(width, height);
    TiffPage page = new TiffPage(fields, (int) width, (int) height, image.maxPixels(), jpeg2000);
    page.checkCost(image.maxPixels());
    return page;
  }

  /**
   * As {@link #of}, for images of which only parts are read at a time.
   *
   * @param segment bounds on a segment
   * @param jpeg2000 whether there is a decoder for it
   */
  static TiffPage ofSlide(TiffDirectory fields, ImageLimits segment, boolean jpeg2000)
      throws IOException, ImageRejectedException {
    long width = fields.number(TiffTag.WIDTH, 0);
    long height = fields.number(TiffTag.HEIGHT, 0);
    if (width < 1
        || height < 1
        || width > LONGEST_SIDE
        || height > LONGEST_SIDE
        || width * height > MOST_PIXELS) {
      throw new ImageRejectedException(
          ("the TIFF declares %s x %s pixels, which is no slide: sides of 1 to %s and %s"
                  + " pixels in all are read")
              .formatted(width, height, LONGEST_SIDE, MOST_PIXELS));
    }
    return new TiffPage(fields, (int) width, (int) height, segment.maxPixels(), jpeg2000);
  }

  static boolean isTiled(TiffDirectory fields) {
    return fields.has(TiffTag.TILE_WIDTH) && fields.has(TiffTag.TILE_HEIGHT);
  }

  /** Whether another image is cut into segments alike. */
  boolean isLike(TiffPage other) {
    return width == other.width
        && height == other.height
        && segmentWidth == other.segmentWidth
        && segmentHeight == other.segmentHeight;
  }

  TiffDirectory fields() {
    return fields;
  }

  TiffKind kind() {
    return kind;
  }

  /** Width in pixels, as stored. */
  int width() {
    return width;
  }

  /** Height in pixels, as stored. */
  int height() {
    return height;
  }

  int segmentWidth() {
    return segmentWidth;
  }

  /** Rows of a segment; the last strip may have fewer. */
  int segmentHeight() {
    return segmentHeight;
  }

  /** Segments in a row. */
  int across() {
    return across;
  }

  /**
   * Where a segment lies.
   *
   * @return empty where the file leaves it out: nothing was scanned there
   * @throws ImageRejectedException where it lies outside the file or is larger than its pixels
   */
  Optional<Segment> segment(int column, int row, int plane) throws ImageRejectedException {
    int top = row * segmentHeight;
    int stored = top / storedHeight;
    int rowsBefore = top % storedHeight;
    int i = (plane * storedDown() + stored) * across + column;
    if (offsets[i] == 0 || byteCounts[i] == 0) {
      return Optional.empty();
    }
    int rows = tiled ? segmentHeight : Math.min(segmentHeight, height - top);
    int mostRows = tiled ? segmentHeight : storedHeight;
    long plain = kind.rowBytes(segmentWidth) * rows;
    long before = kind.rowBytes(segmentWidth) * rowsBefore;
    if (kind.isPlain()) {
      if (byteCounts[i] - before < plain) {
        throw TiffDirectory.damaged("a strip or tile is shorter than its pixels");
      }
      return Optional.of(new Segment(offsets[i] + before, (int) plain, rows, mostRows));
    }
    if (byteCounts[i] > WORST_COMPRESSION * plain + SPARE_BYTES
        || byteCounts[i] > Integer.MAX_VALUE / 2) {
      throw TiffDirectory.damaged(
          "a strip or tile has " + byteCounts[i] + " bytes for " + plain + " bytes of pixels");
    }
    return Optional.of(new Segment(offsets[i], (int) byteCounts[i], rows, mostRows));
  }

  private void checkSegment(long w, long h, long mostPixels) throws ImageRejectedException {
    String what = tiled ? "tiles" : "strips";
    if (w < 1 || h < 1 || w > mostPixels || h > mostPixels || w * h > mostPixels) {
      throw new ImageRejectedException(
          "the TIFF declares %s of %d x %d pixels, and 1 to %d pixels in one are read; save it"
                  .formatted(what, w, h, mostPixels)
              + " with tiles of 256 x 256");
    }
    boolean small = w < Math.min(width, SMALLEST_TILE) || h < Math.min(height, SMALLEST_TILE);
    long segments = ceilDiv(width, w) * ceilDiv(height, h) * kind.planes();
    if ((tiled && small) || segments > MOST_SEGMENTS) {
      throw new ImageRejectedException(
          "the TIFF declares %d %s of %d x %d pixels, which are too small; save it with tiles of"
                  .formatted(segments, what, w, h)
              + " 256 x 256");
    }
  }

  /**
   * Each segment costs time of its own, and tiles may reach past the edges of the image: together
   * they have to cost no more than the pixels that the limits allow.
   */
  private void checkCost(long mostPixels) throws ImageRejectedException {
    long segments = (long) across * down * kind.planes();
    long padded = (long) across * segmentWidth * down * segmentHeight;
    // Plain rows cost nothing each.
    boolean many = segments > MOST_SEGMENTS_IN_ONE && (tiled || !kind.isPlain());
    if (many || padded > MOST_PADDING * mostPixels) {
      throw new ImageRejectedException(
          "the TIFF stores an image of %d x %d pixels as %d strips or tiles of %d x %d; save it"
                  .formatted(width, height, segments, segmentWidth, segmentHeight)
              + " with tiles of 256 x 256");
    }
  }

  /** The most rows that divide a strip evenly and have about a mebibyte; 1 or more. */
  private static int part(int rows, long rowBytes) {
    long most = Math.max(1, PLAIN_PART_BYTES / rowBytes);
    if (rows <= most) {
      return rows;
    }
    int part = (int) most;
    while (rows % part != 0) {
      part--;
    }
    return part;
  }

  private long[] counts(int listed) throws IOException, ImageRejectedException {
    if (kind.isPlain() && !fields.has(TiffTag.TILE_BYTES) && !fields.has(TiffTag.STRIP_BYTES)) {
      long[] counts = new long[listed];
      Arrays.fill(counts, Long.MAX_VALUE);
      return counts;
    }
    return list(TiffTag.TILE_BYTES, TiffTag.STRIP_BYTES, listed);
  }

  /** Some writers list tiles in the fields of strips. */
  private long[] list(TiffTag ofTiles, TiffTag ofStrips, int n)
      throws IOException, ImageRejectedException {
    TiffTag tag = tiled && fields.has(ofTiles) ? ofTiles : ofStrips;
    long[] values = fields.numbers(tag, n);
    if (values.length < n) {
      throw TiffDirectory.damaged(
          "it has " + n + " strips or tiles and lists " + values.length + " of them");
    }
    return values;
  }

  private int storedDown() {
    return (int) ceilDiv(height, storedHeight);
  }

  private static long ceilDiv(long a, long b) {
    return (a + b - 1) / b;
  }

  /**
   * A strip or tile of one plane.
   *
   * @param offset of its first byte
   * @param bytes how many it has
   * @param rows of pixels that are wanted
   * @param mostRows that its own header may declare
   */
  record Segment(long offset, int bytes, int rows, int mostRows) {}
}
