package io.histoflow.review.tile;

import java.util.List;
import java.util.Optional;

/**
 * Where the tiles of a slide lie and what the model found on each.
 *
 * @param tiles the newest result of each place, row by row
 * @param isWhole whether all results of the slide's time could be read
 */
public record SlideMosaic(List<TilePlace> tiles, boolean isWhole) {

  public SlideMosaic {
    tiles = List.copyOf(tiles);
  }

  /** Returns the tile at a place in level-0 pixels, as it is in an address. */
  public Optional<TilePlace> at(String x, String y) {
    return tiles.stream()
        .filter(tile -> x.equals("" + tile.x()) && y.equals("" + tile.y()))
        .findAny();
  }
}
