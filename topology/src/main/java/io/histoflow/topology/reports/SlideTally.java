package io.histoflow.topology.reports;

import io.histoflow.schemas.ModelVersionUse;
import io.histoflow.schemas.TilePosition;
import io.histoflow.topology.ledger.TileEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** What the tiles of one slide add up to, each tile once. */
final class SlideTally {
  private static final double SQUARE_MICRONS_PER_SQUARE_MILLIMETRE = 1e6;
  private static final int MOST_MISSING_NAMED = 100;

  private final SlideState slide;
  private final NavigableMap<Long, ModelVersionUse> standing = new TreeMap<>();
  private final Set<Long> positions = new HashSet<>();
  private int tiles;
  private int background;
  private int withoutScale;
  private long pixels;
  private long positivePixels;
  private double positiveSquareMicrons;
  private double entropies;
  private double maxMeanEntropy;
  private double maxTailEntropy;
  private int alerted;
  private int open;
  private long firstSegmentedAt = Long.MAX_VALUE;

  SlideTally(SlideState slide) {
    this.slide = slide;
  }

  void add(TileEntry tile) {
    if (!tile.segmented()) {
      return;
    }
    TileEntry.Result result = tile.result();
    tiles++;
    background += result.background() ? 1 : 0;
    pixels += result.pixels();
    positivePixels += result.positivePixels();
    addArea(result);
    entropies += result.meanEntropy();
    maxMeanEntropy = Math.max(maxMeanEntropy, result.meanEntropy());
    maxTailEntropy = Math.max(maxTailEntropy, result.tailEntropy());
    alerted += tile.alerted() ? 1 : 0;
    open += tile.alerted() && !tile.closed() ? 1 : 0;
    standing.merge(
        result.modelVersion(),
        new ModelVersionUse(result.modelVersion(), 1, Instant.ofEpochMilli(result.segmentedAt())),
        SlideTally::sum);
    firstSegmentedAt = Math.min(firstSegmentedAt, tile.firstSegmentedAt());
    if (slide.missing() > 0) {
      positions.add(SlideGrid.position(result.x(), result.y()));
    }
  }

  private void addArea(TileEntry.Result result) {
    double microns =
        Double.isNaN(result.micronsPerPixel()) ? slide.micronsPerPixel() : result.micronsPerPixel();
    if (Double.isNaN(microns)) {
      withoutScale++;
    } else {
      positiveSquareMicrons += result.positivePixels() * microns * microns;
    }
  }

  int tiles() {
    return tiles;
  }

  /** Returns the number of tiles whose present result is background. */
  int background() {
    return background;
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
    return tiles == 0 || withoutScale > 0
        ? null
        : Double.valueOf(positiveSquareMicrons / SQUARE_MICRONS_PER_SQUARE_MILLIMETRE);
  }

  /** Returns the number of tiles whose scale neither they nor the manifest tell. */
  int withoutScale() {
    return withoutScale;
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

  /** Returns the versions that tiles stand on, ascending. */
  List<Long> modelVersions() {
    return new ArrayList<>(standing.keySet());
  }

  /** Returns every version that segmented a tile, superseded ones too, ascending. */
  List<ModelVersionUse> modelHistory() {
    NavigableMap<Long, ModelVersionUse> uses = new TreeMap<>(standing);
    slide
        .history()
        .firsts()
        .forEach(
            (version, first) ->
                uses.merge(
                    version,
                    new ModelVersionUse(version, 0, Instant.ofEpochMilli(first)),
                    SlideTally::sum));
    return new ArrayList<>(uses.values());
  }

  /** Names missing tiles by where they lie; none where that is not known. */
  List<TilePosition> missingTiles() {
    return slide.grid().missing(positions, slide.expected(), slide.missing(), MOST_MISSING_NAMED);
  }

  /**
   * Returns when the first tile was segmented, milliseconds since the epoch; null without tiles.
   */
  Long firstSegmentedAt() {
    return tiles == 0 ? null : Long.valueOf(firstSegmentedAt);
  }

  private static ModelVersionUse sum(ModelVersionUse one, ModelVersionUse other) {
    Instant first =
        one.getFirstSegmentedAt().isBefore(other.getFirstSegmentedAt())
            ? one.getFirstSegmentedAt()
            : other.getFirstSegmentedAt();
    return new ModelVersionUse(one.getVersion(), one.getTiles() + other.getTiles(), first);
  }
}
