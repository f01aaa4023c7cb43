package io.histoflow.topology.reports;

import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TilePosition;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * Where the tiles of a slide lie, as its manifest says: along each axis at 0 and then every {@code
 * tileSize - overlap} pixels, the last one shifted back so that it ends with the slide.
 *
 * @param width of the slide in level-0 pixels; 0 where the manifest gives no grid
 * @param height of the slide in level-0 pixels
 * @param tileSize edge of a tile in pixels
 * @param overlap of neighbouring tiles in pixels, 0 to tileSize - 1
 */
record SlideGrid(int width, int height, int tileSize, int overlap) {
  /** The grid of a slide whose tiles lie nobody knows where. */
  static final SlideGrid NONE = new SlideGrid(0, 0, 0, 0);

  /** Takes the grid from a manifest; {@link #NONE} where it does not give a whole one. */
  static SlideGrid of(SlideScanned manifest) {
    Integer width = manifest.getWidth();
    Integer height = manifest.getHeight();
    Integer tileSize = manifest.getTileSize();
    int overlap = manifest.getOverlap() == null ? 0 : manifest.getOverlap();
    if (width == null || height == null || tileSize == null) {
      return NONE;
    }
    boolean whole = tileSize > 0 && width >= tileSize && height >= tileSize;
    return whole && overlap >= 0 && overlap < tileSize
        ? new SlideGrid(width, height, tileSize, overlap)
        : NONE;
  }

  /** Returns the number of tiles; 0 where there is no grid. */
  long count() {
    return equals(NONE) ? 0 : along(width) * along(height);
  }

  /** Returns the pixels of a whole tile. */
  long tilePixels() {
    return (long) tileSize * tileSize;
  }

  /**
   * Names tiles that are missing. Where the grid and the positions of the tiles that are in do not
   * add up to what the manifest expects, nothing is named: it would be a guess.
   *
   * @param positions of the tiles that are in, as {@link #position} packs them
   * @param glass the tiles that the manifest leaves out
   * @param expected tiles in the manifest
   * @param missing tiles of the manifest that are not in
   * @param most positions to name
   * @return positions row by row; at most {@code most}
   */
  List<TilePosition> missing(
      Set<Long> positions, GlassPlaces glass, int expected, int missing, int most) {
    if (missing == 0 || count() - glass.count() != expected) {
      return List.of();
    }
    BitSet leftOut = glass.places(count());
    if (leftOut.cardinality() != glass.count()) {
      return List.of();
    }
    long found = positions.stream().filter(this::isPlace).count();
    if (found != positions.size() || expected - found != missing) {
      return List.of();
    }
    List<TilePosition> named = new ArrayList<>();
    for (long row = 0; row < along(height); row++) {
      for (long column = 0; column < along(width); column++) {
        if (named.size() == Math.min(most, missing)) {
          return named;
        }
        int x = start(column, width);
        int y = start(row, height);
        boolean isGlass = !leftOut.isEmpty() && leftOut.get((int) (row * along(width) + column));
        if (!isGlass && !positions.contains(position(x, y))) {
          named.add(new TilePosition(x, y));
        }
      }
    }
    return named;
  }

  /** Packs a position into one number. */
  static long position(int x, int y) {
    return ((long) y << Integer.SIZE) | (x & 0xFFFFFFFFL);
  }

  private boolean isPlace(long position) {
    return isStart((int) position, width) && isStart((int) (position >> Integer.SIZE), height);
  }

  private boolean isStart(int place, int length) {
    return place >= 0
        && (place == length - tileSize || (place % step() == 0 && place < length - tileSize));
  }

  private long along(int length) {
    return 1 + Math.floorDiv((long) length - tileSize + step() - 1, (long) step());
  }

  private int start(long i, int length) {
    return (int) Math.min(i * step(), (long) length - tileSize);
  }

  private int step() {
    return tileSize - overlap;
  }
}
