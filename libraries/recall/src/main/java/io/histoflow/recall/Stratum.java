package io.histoflow.recall;

/**
 * Tiles of a slide that came to review with the same probability.
 *
 * @param asked tiles for which a review was asked
 * @param read tiles among them that a reviewer gave a verdict on
 * @param pixels what these add up to, in pixels
 * @param objects in objects
 */
public record Stratum(long asked, long read, Counts pixels, Counts objects) {
  /** No tile. */
  public static final Stratum EMPTY = new Stratum(0, 0, Counts.NONE, Counts.NONE);

  /** Returns the stratum with so many tiles more that were asked for. */
  public Stratum withAsked(long more) {
    return new Stratum(asked + more, read, pixels, objects);
  }

  /** Returns the stratum with one more tile read. */
  public Stratum plus(TileComparison tile) {
    return new Stratum(asked, read + 1, pixels.plus(tile.pixels()), objects.plus(tile.objects()));
  }

  /** Returns the stratum without a tile that was read. */
  public Stratum minus(TileComparison tile) {
    return new Stratum(asked, read - 1, pixels.minus(tile.pixels()), objects.minus(tile.objects()));
  }
}
