package io.histoflow.topology.reports;

import io.histoflow.schemas.ModelVersionUse;
import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.ReportStatus;
import io.histoflow.schemas.SlideReport;
import io.histoflow.topology.ledger.SlideTiles;
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

  /** So that the report fits its topic. */
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

  /** Adds a tile and says whether it counts. */
  boolean add(String ofScan, TileEntry tile) {
    if (!tile.segmented() || !ofScan.equals(scan)) {
      return false;
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
    open += tile.open() ? 1 : 0;
    standing.merge(
        result.modelVersion(),
        new ModelVersionUse(result.modelVersion(), 1, Instant.ofEpochMilli(tile.segmentedAt())),
        SlideTally::sum);
    firstSegmentedAt = Math.min(firstSegmentedAt, tile.firstSegmentedAt());
    return true;
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

  /**
   * Returns the report.
   *
   * @param revision its number
   * @param now when it is made, milliseconds since the epoch
   */
  SlideReport report(String slideId, int revision, long now) {
    SlideState.Manifest manifest = slide.manifest();
    boolean expected = manifest.known();
    boolean complete = slide.isWhole() && unexpected() == 0;
    return SlideReport.newBuilder()
        .setSlideId(slideId)
        .setOrgan(expected ? manifest.organ() : mostNamedOrgan())
        .setStatus(complete ? ReportStatus.COMPLETE : ReportStatus.INCOMPLETE)
        .setTilesSeen(tiles)
        .setTilesExpected(expected ? Integer.valueOf(manifest.tiles()) : null)
        .setPositivePixels(positivePixels)
        .setTotalPixels(pixels)
        .setPositiveFraction(pixels == 0 ? 0 : (double) positivePixels / pixels)
        .setPositiveAreaSquareMillimetres(positiveSquareMillimetres())
        .setMeanEntropy(tiles == 0 ? 0 : entropies / tiles)
        .setMaxMeanEntropy(maxMeanEntropy)
        .setMaxTailEntropy(maxTailEntropy)
        .setReviewsRequested(alerted)
        .setReviewsOpen(open)
        .setModelVersions(newest(new ArrayList<>(standing.keySet())))
        .setFirstTileAt(tiles == 0 ? null : Instant.ofEpochMilli(firstSegmentedAt))
        .setReportedAt(Instant.ofEpochMilli(now))
        .setRevision(revision)
        .setTilesMissing(expected ? Integer.valueOf(slide.missing()) : null)
        .setMissingTiles(
            manifest
                .grid()
                .missing(
                    positions,
                    manifest.glass(),
                    manifest.tiles(),
                    slide.missing(),
                    MOST_MISSING_NAMED))
        .setTilesWithoutScale(withoutScale)
        .setModelHistory(modelHistory())
        .setTilesBackground(background)
        .setTilesGlass(expected ? Integer.valueOf(manifest.glass().count()) : null)
        .setTilesUnexpected(expected ? Integer.valueOf(unexpected()) : null)
        .setTilesOffScale(offScale)
        .setTilesWithInk(withInk)
        .setScanId(manifest.scan().equals(SlideTiles.NO_SCAN) ? null : manifest.scan())
        .build();
  }

  /**
   * Returns the number of tiles that the manifest does not count: those beyond its number, or those
   * that cannot be its own, whichever are more.
   */
  private int unexpected() {
    return Math.max(strange, tiles - slide.manifest().tiles());
  }

  /** Returns the organ that most tiles name, the first by name of several. */
  private String mostNamedOrgan() {
    String most = "";
    for (Map.Entry<String, Integer> organ : organs.entrySet()) {
      if (most.isEmpty() || organ.getValue() > organs.get(most)) {
        most = organ.getKey();
      }
    }
    return most;
  }

  /** Returns the positive area in mm2; null without tiles or where the scale of one is unknown. */
  private Double positiveSquareMillimetres() {
    return tiles == 0 || withoutScale > 0
        ? null
        : Double.valueOf(positiveSquareMicrons / SQUARE_MICRONS_PER_SQUARE_MILLIMETRE);
  }

  /** Returns the newest versions that segmented a tile, superseded ones too, ascending. */
  private List<ModelVersionUse> modelHistory() {
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

  private static ModelVersionUse sum(ModelVersionUse one, ModelVersionUse other) {
    Instant first =
        one.getFirstSegmentedAt().isBefore(other.getFirstSegmentedAt())
            ? one.getFirstSegmentedAt()
            : other.getFirstSegmentedAt();
    return new ModelVersionUse(one.getVersion(), one.getTiles() + other.getTiles(), first);
  }
}
