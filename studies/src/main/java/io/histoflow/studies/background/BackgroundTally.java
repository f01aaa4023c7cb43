package io.histoflow.studies.background;

import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.tissue.TissueDetector;

/**
 * What skipping background tiles wins and loses on a set of tiles.
 *
 * @param tiles all of them
 * @param background those without tissue, which the network does not see
 * @param positivePixels positive pixels of all tiles
 * @param lostPixels positive pixels of the background tiles
 * @param nanos time that telling them apart took, in all
 */
public record BackgroundTally(
    long tiles, long background, long positivePixels, long lostPixels, long nanos) {

  /** No tile yet. */
  public static final BackgroundTally NONE = new BackgroundTally(0, 0, 0, 0, 0);

  /** Checks that parts are not larger than the whole. */
  public BackgroundTally {
    if (background < 0 || background > tiles || lostPixels < 0 || lostPixels > positivePixels) {
      throw new IllegalArgumentException(
          "%d of %d tiles and %d of %d positive pixels cannot be background"
              .formatted(background, tiles, lostPixels, positivePixels));
    }
  }

  /**
   * Adds a tile.
   *
   * @param tile its pixels
   * @param mask which of them are positive
   */
  public BackgroundTally with(RgbImage tile, Mask mask) {
    long positive = mask.positivePixels();
    long start = System.nanoTime();
    boolean skipped = !TissueDetector.hasTissue(tile);
    long took = System.nanoTime() - start;
    return new BackgroundTally(
        tiles + 1,
        background + (skipped ? 1 : 0),
        positivePixels + positive,
        lostPixels + (skipped ? positive : 0),
        nanos + took);
  }

  /** Returns the share of the tiles that the network does not see, 0..1; 0 without tiles. */
  public double share() {
    return tiles == 0 ? 0 : (double) background / tiles;
  }

  /** Returns the mean time to tell a tile, milliseconds; 0 without tiles. */
  public double millisPerTile() {
    return tiles == 0 ? 0 : nanos / 1e6 / tiles;
  }
}
