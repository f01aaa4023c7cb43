package io.histoflow.segmentation.uncertainty;

/**
 * Sums over a square around each pixel, row after row; at the edges over what lies inside the tile.
 * Two additions and two subtractions a pixel, whatever the square's size.
 */
final class BoxSums {

  private final byte[] values;
  private final int width;
  private final int height;
  private final int radius;

  /** Sums over the rows of the square at hand, one for each column, and over all before it. */
  private final int[] columns;

  private final int[] upTo;
  private int row;
  private int rows;

  /**
   * Starts above the first row.
   *
   * @param values (H, W), 0..255 as unsigned bytes
   * @param width of the tile in pixels
   * @param radius the square reaches so many pixels to every side
   */
  BoxSums(byte[] values, int width, int radius) {
    this.values = values;
    this.width = width;
    this.height = values.length / width;
    this.radius = radius;
    columns = new int[width];
    upTo = new int[width + 1];
    row = -1;
    for (int y = 0; y < Math.min(radius, height); y++) {
      add(y, 1);
    }
  }

  /** Goes on to a row: the first at the beginning, then each time the next one. */
  void enterRow(int y) {
    if (y != row + 1) {
      throw new IllegalArgumentException("row " + y + " does not follow row " + row);
    }
    row = y;
    if (y + radius < height) {
      add(y + radius, 1);
    }
    if (y - radius > 0) {
      add(y - radius - 1, -1);
    }
    for (int x = 0; x < width; x++) {
      upTo[x + 1] = upTo[x] + columns[x];
    }
    rows = Math.min(height, y + radius + 1) - Math.max(0, y - radius);
  }

  /** Returns the sum around a pixel of the row. */
  int at(int x) {
    return upTo[Math.min(width, x + radius + 1)] - upTo[Math.max(0, x - radius)];
  }

  /** Returns the number of pixels in that sum. */
  int pixels(int x) {
    return rows * (Math.min(width, x + radius + 1) - Math.max(0, x - radius));
  }

  private void add(int y, int sign) {
    for (int x = 0; x < width; x++) {
      columns[x] += sign * (values[y * width + x] & 0xff);
    }
  }
}
