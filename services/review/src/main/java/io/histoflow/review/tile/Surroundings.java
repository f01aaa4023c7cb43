package io.histoflow.review.tile;

import java.util.List;
import java.util.Objects;

/**
 * What is known of the slide around a tile.
 *
 * @param downsample level-0 pixels along a pixel of the tile's image, 1 or more
 * @param tiles the tiles of the same scan that were segmented about when it was, without itself,
 *     row by row
 * @param isWhole whether all results of that time could be read
 */
public record Surroundings(double downsample, List<TilePlace> tiles, boolean isWhole) {

  public Surroundings {
    Objects.requireNonNull(tiles, "tiles");
    if (!(downsample >= 1)) {
      throw new IllegalArgumentException("The downsample is " + downsample + " and not 1 or more");
    }
    tiles = List.copyOf(tiles);
  }

  /**
   * Returns the tiles that touch a tile or overlap it.
   *
   * @param x the tile's left edge in level-0 pixels
   * @param y its top edge in level-0 pixels
   * @param width width of its image in pixels
   * @param height height of its image in pixels
   */
  public List<TilePlace> neighbours(int x, int y, int width, int height) {
    return tiles.stream()
        .filter(
            tile ->
                tile.x() <= x + width * downsample
                    && tile.y() <= y + height * downsample
                    && x <= tile.x() + tile.width() * downsample
                    && y <= tile.y() + tile.height() * downsample)
        .toList();
  }
}
