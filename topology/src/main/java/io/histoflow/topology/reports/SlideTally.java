package io.histoflow.topology.reports;

import io.histoflow.schemas.ModelVersionUse;
import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.TilePosition;
import io.histoflow.topology.ledger.TileEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** What the tiles of one scan of a slide add up to, each tile once. */
final class SlideTally {
  private static final double SQUARE_MICRONS_PER_SQUARE_MILLIMETRE = 1e6;
  private static final int MOST_MISSING_NAMED = 100;

  /** Of versions, so that the report fits its topic. */
  private static final int MOST_VERSIONS_NAMED = 1_000;

  private static final double OFF_SCALE = 0.1;
  private static final double ROUNDING = 1e-9;

  private final SlideState slide;
  private final String scan;
  private final NavigableMap<Long, ModelVersionUse> standing = new TreeMap<>();
  private final NavigableMap<String, Integer> organs = new TreeMap<>();
  private final Set<Long> positions = new HashSet<>();
  private int tiles;
  private int strange;
  private int offScale;
  private int withInk;
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

  /**
   * @param slide what is known of the slide
   * @param scan the scan whose tiles count
   */
  SlideTally(SlideState slide, String scan) {
    this.slide = slide;
    this.scan = scan;
  }

  void add(String ofScan, TileEntry tile) {
    if (!tile.segmented() || !ofScan.equals(scan)) {
      return;
    }
    TileEntry.Result result = tile.result();
    tiles++;
    organs.merge(result.organ(), 1, Integer::sum);
    boolean newPlace = positions.add(SlideGrid.position(result.x(), result.y()));
    strange += isStrange(result, newPlace) ? 1 : 0;
    withInk += result.ink() ? 1 : 0;
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
  }

  /** Says whether a tile cannot be one of those that the manifest counts. */
  private boolean isStrange(TileEntry.Result result, boolean newPlace) {
    SlideState.Manifest manifest = slide.manifest();
    return manifest.known()
        && (isOfAnotherOrgan(result.organ(), manifest.organ())
            || (!manifest.grid().equals(SlideGrid.NONE)
                && (!newPlace || result.pixels() > manifest.grid().tilePixels())));
  }

  private static boolean isOfAnotherOrgan(String organ, String ofSlide) {
    return !organ.equals(ofSlide)
        && !organ.equals(OrganName.UNKNOWN)
        && !ofSlide.equals(OrganName.UNKNOWN);
  }

  private void addArea(TileEntry.Result result) {
    double microns =
        Double.isNaN(result.micronsPerPixel())
            ? slide.manifest().micronsPerPixel()
            : result.micronsPerPixel();
    // False where either is not known.
    if (Math.abs(microns / result.modelMicronsPerPixel() - 1) > OFF_SCALE + ROUNDING) {
      offScale++;
    }
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

  /**
   * Returns the number of tiles that the manifest does not count: those beyond its number, or those
   * that cannot be its own, whichever are more.
   */
  int unexpected() {
    return Math.max(strange, tiles - slide.manifest().tiles());
  }

  /** Returns the number of tiles whose scale is known and not that of the model. */
  int offScale() {
    return offScale;
  }

  int withInk() {
    return withInk;
  }

  /** Returns the organ that most tiles name, the first by name of several. */
  String organ() {
    String most = "";
    for (Map.Entry<String, Integer> organ : organs.entrySet()) {
      if (most.isEmpty() || organ.getValue() > organs.get(most)) {
        most = organ.getKey();
      }
    }
    return most;
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

  /** Returns the newest versions that tiles stand on, ascending. */
  List<Long> modelVersions() {
    return newest(new ArrayList<>(standing.keySet()));
  }

  /** Returns the newest versions that segmented a tile, superseded ones too, ascending. */
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
    return newest(new ArrayList<>(uses.values()));
  }

  private static <T> List<T> newest(List<T> ascending) {
    return ascending.subList(Math.max(0, ascending.size() - MOST_VERSIONS_NAMED), ascending.size());
  }

  /** Names missing tiles by where they lie; none where that is not known. */
  List<TilePosition> missingTiles() {
    return slide
        .manifest()
        .grid()
        .missing(positions, slide.manifest().tiles(), slide.missing(), MOST_MISSING_NAMED);
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
