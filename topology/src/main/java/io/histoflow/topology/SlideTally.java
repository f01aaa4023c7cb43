package io.histoflow.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What the tiles of one slide add up to, each tile once. */
final class SlideTally {
  private static final double SQUARE_MICRONS_PER_SQUARE_MILLIMETRE = 1e6;

  private final TreeSet<Long> modelVersions = new TreeSet<>();
  private int tiles;
  private long pixels;
  private long positivePixels;
  private double positiveSquareMicrons;
  private double entropies;
  private double maxMeanEntropy;
  private double maxTailEntropy;
  private int alerted;
  private int open;
  private long firstSegmentedAt = Long.MAX_VALUE;

  void add(TileEntry tile) {
    if (!tile.segmented()) {
      return;
    }
    tiles++;
    pixels += tile.pixels();
    positivePixels += tile.positivePixels();
    positiveSquareMicrons +=
        tile.positivePixels() * tile.micronsPerPixel() * tile.micronsPerPixel();
    entropies += tile.meanEntropy();
    maxMeanEntropy = Math.max(maxMeanEntropy, tile.meanEntropy());
    maxTailEntropy = Math.max(maxTailEntropy, tile.tailEntropy());
    alerted += tile.alerted() ? 1 : 0;
    open += tile.alerted() && !tile.closed() ? 1 : 0;
    modelVersions.add(tile.modelVersion());
    firstSegmentedAt = Math.min(firstSegmentedAt, tile.firstSegmentedAt());
  }

  int tiles() {
    return tiles;
  }

  long pixels() {
    return pixels;
  }

  long positivePixels() {
    return positivePixels;
  }

  /** Returns the positive share of all pixels, 0..1; 0 without tiles. */
  double positiveFraction() {
    return pixels == 0 ? 0 : (double) positivePixels / pixels;
  }

  /** Returns the positive area in mm2; null without tiles or where the scale of one is unknown. */
  Double positiveSquareMillimetres() {
    return tiles == 0 || Double.isNaN(positiveSquareMicrons)
        ? null
        : Double.valueOf(positiveSquareMicrons / SQUARE_MICRONS_PER_SQUARE_MILLIMETRE);
  }

  /** Returns the mean over tiles of their mean entropy, bits per pixel; 0 without tiles. */
  double meanEntropy() {
    return tiles == 0 ? 0 : entropies / tiles;
  }

  double maxMeanEntropy() {
    return maxMeanEntropy;
  }

  double maxTailEntropy() {
    return maxTailEntropy;
  }

  int alerted() {
    return alerted;
  }

  int open() {
    return open;
  }

  List<Long> modelVersions() {
    return new ArrayList<>(modelVersions);
  }

  /**
   * Returns when the first tile was segmented, milliseconds since the epoch; null without tiles.
   */
  Long firstSegmentedAt() {
    return tiles == 0 ? null : Long.valueOf(firstSegmentedAt);
  }
}
