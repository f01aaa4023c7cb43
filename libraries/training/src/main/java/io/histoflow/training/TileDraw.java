package io.histoflow.training;

import io.histoflow.datasets.LabelledTile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Draws tiles at random, each in proportion to the square root of its area: large images show more,
 * but many small ones show more variety.
 */
final class TileDraw {

  private final List<LabelledTile> tiles;
  private final double[] upTo;

  /** Makes a draw from at least one tile, all of the same weight. */
  TileDraw(List<LabelledTile> tiles) {
    this(tiles, tile -> 1);
  }

  /**
   * Makes a draw from at least one tile.
   *
   * @param weights how often a tile is drawn beside others of its size, above 0
   */
  TileDraw(List<LabelledTile> tiles, ToDoubleFunction<LabelledTile> weights) {
    if (tiles.isEmpty()) {
      throw new IllegalArgumentException("there is no tile to train on");
    }
    this.tiles = List.copyOf(tiles);
    upTo = new double[tiles.size()];
    double sum = 0;
    for (int i = 0; i < upTo.length; i++) {
      LabelledTile tile = tiles.get(i);
      double area = (double) tile.image().width() * tile.image().height();
      sum += weights.applyAsDouble(tile) * Math.sqrt(area);
      upTo[i] = sum;
    }
  }

  /**
   * Makes a draw from at least one tile that lets each organ have its turn: its tiles together are
   * drawn in proportion to the square root of their number.
   */
  static TileDraw byOrgan(List<LabelledTile> tiles) {
    Map<String, Long> counts =
        tiles.stream().collect(Collectors.groupingBy(LabelledTile::organ, Collectors.counting()));
    return new TileDraw(tiles, tile -> 1 / Math.sqrt(counts.get(tile.organ())));
  }

  /** Draws so many tiles, with replacement. */
  List<LabelledTile> draw(int count, SplittableRandom random) {
    List<LabelledTile> drawn = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int at = Arrays.binarySearch(upTo, random.nextDouble(upTo[upTo.length - 1]));
      drawn.add(tiles.get(at >= 0 ? at + 1 : -at - 1));
    }
    return drawn;
  }
}
