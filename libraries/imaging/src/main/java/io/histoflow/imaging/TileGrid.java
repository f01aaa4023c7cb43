package io.histoflow.imaging;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the tiles of an image lie, row by row from the top left. Every pixel is covered: the last
 * tile of a row or column is shifted inwards until it ends with the image, so that it overlaps its
 * neighbour more. Along an edge shorter than a tile there is one tile as long as the edge.
 *
 * @param width of the image in pixels, 1 or more
 * @param height of the image in pixels, 1 or more
 * @param tileSize edge of a tile in pixels, 1 or more
 * @param overlap least overlap of neighbouring tiles in pixels, 0 to tileSize - 1
 */
public record TileGrid(int width, int height, int tileSize, int overlap) {

  public TileGrid {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "An image to tile has at least 1 x 1 pixels, not " + width + " x " + height);
    }
    if (tileSize < 1) {
      throw new IllegalArgumentException("The tile size must be 1 or more, not " + tileSize);
    }
    if (overlap < 0 || overlap >= tileSize) {
      throw new IllegalArgumentException(
          "The overlap must be 0 to %s pixels for tiles of %s, not %s"
              .formatted(tileSize - 1, tileSize, overlap));
    }
  }

  /** Number of tiles. */
  public long count() {
    return (long) columns() * rows();
  }

  /** Number of tiles in a row. */
  public int columns() {
    return along(width);
  }

  /** Number of tiles in a column. */
  public int rows() {
    return along(height);
  }

  /**
   * One tile of the grid.
   *
   * @param column 0 to columns() - 1
   * @param row 0 to rows() - 1
   */
  public Tile tile(int column, int row) {
    return new Tile(
        start(column, columns(), width),
        start(row, rows(), height),
        Math.min(tileSize, width),
        Math.min(tileSize, height));
  }

  /** All tiles, row by row. */
  public List<Tile> tiles() {
    List<Tile> tiles = new ArrayList<>();
    for (int row = 0; row < rows(); row++) {
      for (int column = 0; column < columns(); column++) {
        tiles.add(tile(column, row));
      }
    }
    return tiles;
  }

  private int along(int length) {
    if (length <= tileSize) {
      return 1;
    }
    int step = tileSize - overlap;
    return 1 + Math.floorDiv(length - tileSize + step - 1, step);
  }

  private int start(int i, int n, int length) {
    if (i < 0 || i >= n) {
      throw new IndexOutOfBoundsException("There is no tile " + i + " of " + n);
    }
    return (int) Math.min((long) i * (tileSize - overlap), Math.max(0, length - tileSize));
  }

  /**
   * A rectangle of pixels.
   *
   * @param x left edge
   * @param y top edge
   * @param width in pixels
   * @param height in pixels
   */
  public record Tile(int x, int y, int width, int height) {}
}
