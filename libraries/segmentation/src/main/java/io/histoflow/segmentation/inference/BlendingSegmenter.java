package io.histoflow.segmentation.inference;

import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid;

/**
 * Segments images of any size within bounded memory: what is larger than a tile is cut into
 * overlapping tiles whose probabilities are blended with weights that fall linearly towards each
 * tile's edge, where the network sees least context.
 */
public final class BlendingSegmenter implements TileSegmenter {

  /** Largest edge in pixels that is segmented in one piece: memory grows with the area. */
  public static final int LARGEST_TILE = 1024;

  /** Overlap in pixels of the tiles that a larger image is cut into. */
  public static final int OVERLAP = 128;

  private final TileSegmenter tiles;
  private final int tileSize;
  private final int overlap;

  /**
   * Makes a segmenter with the tiles that deployment uses, so that what is measured is what runs.
   */
  public static BlendingSegmenter of(TileSegmenter tiles) {
    return new BlendingSegmenter(tiles, LARGEST_TILE, OVERLAP);
  }

  /**
   * Makes a segmenter of images of any size out of one of tiles.
   *
   * @param tiles segments one tile
   * @param tileSize edge of the largest tile in pixels
   * @param overlap least overlap of neighbours in pixels, below tileSize
   */
  public BlendingSegmenter(TileSegmenter tiles, int tileSize, int overlap) {
    this.tiles = tiles;
    this.tileSize = tileSize;
    this.overlap = overlap;
  }

  @Override
  public float[] probabilities(RgbImage image, String organ) {
    TileGrid grid = new TileGrid(image.width(), image.height(), tileSize, overlap);
    if (grid.count() == 1) {
      return tiles.probabilities(image, organ);
    }
    float[] sums = new float[image.width() * image.height()];
    float[] weights = new float[sums.length];
    for (TileGrid.Tile tile : grid.tiles()) {
      float[] p =
          tiles.probabilities(image.crop(tile.x(), tile.y(), tile.width(), tile.height()), organ);
      for (int y = 0; y < tile.height(); y++) {
        float vertical = ramp(y, tile.height());
        for (int x = 0; x < tile.width(); x++) {
          float weight = vertical * ramp(x, tile.width());
          int at = (tile.y() + y) * image.width() + tile.x() + x;
          sums[at] += weight * p[y * tile.width() + x];
          weights[at] += weight;
        }
      }
    }
    for (int i = 0; i < sums.length; i++) {
      // Rounding may carry a blend of ones just above one.
      sums[i] = Math.min(1, sums[i] / weights[i]);
    }
    return sums;
  }

  /** Rises from the edge over the overlap, then stays 1. */
  private float ramp(int position, int length) {
    int fromEdge = Math.min(position, length - 1 - position) + 1;
    return Math.min(1, (float) fromEdge / (overlap + 1));
  }
}
