package io.histoflow.scanning;

import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid;
import io.histoflow.imaging.tissue.TissueMap;
import io.histoflow.scanning.image.Thumbnail;
import java.util.BitSet;
import java.util.Optional;

/**
 * The tiles of an image that hold no tissue, so that they are not published: all others are.
 *
 * @param tiles their numbers, row by row
 * @param picture the image in small, as it was looked at
 * @param map where tissue was found; both empty where nobody looked
 */
record Glass(BitSet tiles, Optional<Thumbnail> picture, Optional<TissueMap> map) {

  /** Every tile is published. */
  static final Glass NONE = new Glass(new BitSet(), Optional.empty(), Optional.empty());

  /** Of more no slide is published. */
  private static final long MOST_TILES = 10_000_000;

  private static final int CHANNELS = 3;

  /** Looks for tissue in an image that has more than one tile. */
  static Glass of(OpenImage image) {
    TileGrid grid = image.grid();
    if (grid.count() == 1 || grid.count() > MOST_TILES) {
      return NONE;
    }
    Optional<Thumbnail> small = Thumbnail.of(image.image(), image.micronsPerPixel());
    if (small.isEmpty()) {
      return NONE;
    }
    TissueMap map = TissueMap.of(small.get().image());
    BitSet glass = new BitSet();
    for (int row = 0; row < grid.rows(); row++) {
      for (int column = 0; column < grid.columns(); column++) {
        if (!map.hasTissue(grid.tile(column, row), small.get().scale())) {
          glass.set(row * grid.columns() + column);
        }
      }
    }
    // A slide without any tissue is more often a pale stain than an empty slide.
    boolean all = glass.cardinality() == grid.count();
    return new Glass(all ? new BitSet() : glass, small, Optional.of(map));
  }

  /** How many are left out. */
  int count() {
    return tiles.cardinality();
  }

  /** Whether tissue was looked for and none was found: then every tile is published. */
  boolean foundNoTissue() {
    return map.isPresent() && map.get().isEmpty();
  }

  /** The image in small; pixels without tissue are greyed, tiles that are left out are dark. */
  Optional<RgbImage> drawn(TileGrid grid) {
    if (picture.isEmpty() || map.isEmpty()) {
      return Optional.empty();
    }
    RgbImage small = picture.get().image();
    double scale = picture.get().scale();
    byte[] rgb = small.rgb().clone();
    for (int y = 0; y < small.height(); y++) {
      for (int x = 0; x < small.width(); x++) {
        if (!map.get().mask().at(x, y)) {
          shade(rgb, CHANNELS * (y * small.width() + x), 0.85);
        }
      }
    }
    for (int i = tiles.nextSetBit(0); i >= 0; i = tiles.nextSetBit(i + 1)) {
      TileGrid.Tile tile = grid.tile(i % grid.columns(), i / grid.columns());
      int right = (int) Math.min(small.width(), (tile.x() + tile.width()) / scale);
      int bottom = (int) Math.min(small.height(), (tile.y() + tile.height()) / scale);
      for (int y = (int) (tile.y() / scale); y < bottom; y++) {
        for (int x = (int) (tile.x() / scale); x < right; x++) {
          shade(rgb, CHANNELS * (y * small.width() + x), 0.6);
        }
      }
    }
    return Optional.of(RgbImage.of(small.width(), small.height(), rgb));
  }

  private static void shade(byte[] rgb, int at, double by) {
    for (int c = 0; c < CHANNELS; c++) {
      rgb[at + c] = (byte) ((rgb[at + c] & 0xFF) * by);
    }
  }
}
