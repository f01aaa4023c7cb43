package io.histoflow.results.slide;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileSegmented;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Gathers what the topics say of one slide: of each tile the result of the newest weights, and over
 * it the latest verdict. Masks go to the disk; of a tile some 400 bytes stay in memory.
 */
final class SlideGatherer implements AutoCloseable {
  private static final int BYTES_PER_TILE = 400;
  private static final int LONGEST_SIDE = 1 << 26;
  private static final double ROUNDING = 1e-6;

  private final String slideId;
  private final Optional<SlideScanned> manifest;
  private final long mostTiles;
  private final Spool spool;
  private final Map<String, Found> tiles = new HashMap<>();
  private final Map<TileOrigin, TileOrigin> origins = new HashMap<>();
  private final Set<String> unusable = new HashSet<>();

  /** The newest result of a tile, with what is needed to hold it against those of others. */
  private record Found(ResultTile tile, Optional<String> scanId, Instant scannedAt, Scale scale) {}

  private record Scale(double downsample, Double micronsPerPixel) {}

  SlideGatherer(String slideId, Optional<SlideScanned> manifest) {
    this(slideId, manifest, Runtime.getRuntime().maxMemory() / 4 / BYTES_PER_TILE);
  }

  SlideGatherer(String slideId, Optional<SlideScanned> manifest, long mostTiles) {
    this.slideId = slideId;
    this.manifest = manifest;
    this.mostTiles = mostTiles;
    this.spool = Spool.create();
  }

  /** Takes a result of the slide, from where it lies on the topic. */
  void add(TileSegmented result, int partition, long offset) {
    Optional<String> scanId = Optional.ofNullable(result.getScanId());
    if (manifest.isPresent() && !Objects.equals(manifest.get().getScanId(), result.getScanId())) {
      return;
    }
    if (!isUsable(result)) {
      unusable.add(result.getTileId());
      return;
    }
    Found before = tiles.get(result.getTileId());
    if (before != null
        && before.scanId.equals(scanId)
        && before.tile.origin().modelVersion() > result.getModelVersion()) {
      return;
    }
    double downsample = result.getDownsample();
    ResultTile tile =
        new ResultTile(
            result.getTileId(),
            (int) (result.getX() / downsample + ROUNDING),
            (int) (result.getY() / downsample + ROUNDING),
            result.getWidth(),
            result.getHeight(),
            shared(
                new TileOrigin(
                    result.getOrgan(),
                    result.getModelId(),
                    result.getModelVersion(),
                    Judgement.NONE)),
            partition,
            offset,
            spool.add(result.getMask()),
            Optional.ofNullable(result.getEntropyMap()).map(spool::add),
            Optional.empty(),
            Optional.empty(),
            Instant.EPOCH);
    tiles.put(
        result.getTileId(),
        new Found(
            tile,
            scanId,
            result.getScannedAt(),
            new Scale(downsample, result.getMicronsPerPixel())));
    if (tiles.size() > mostTiles) {
      throw new SlideException(
          "Slide %s has more than %s tiles, all that the memory has room for: set HISTOFLOW_JAVA_OPTS=-Xmx8g for more."
              .formatted(slideId, mostTiles));
    }
  }

  private static boolean isUsable(TileSegmented result) {
    ImageLimits limits = ImageLimits.forTiles();
    return result.getX() >= 0
        && result.getY() >= 0
        && result.getWidth() >= 1
        && result.getHeight() >= 1
        && result.getWidth() <= limits.maxWidth()
        && result.getHeight() <= limits.maxHeight()
        && result.getDownsample() >= 1
        && result.getX() / result.getDownsample() < LONGEST_SIDE
        && result.getY() / result.getDownsample() < LONGEST_SIDE;
  }

  /** Says whether a tile of this id has a result here. */
  boolean has(String tileId) {
    return tiles.containsKey(tileId);
  }

  /** Returns which of a topic's partitions hold what is keyed by a tile that has a result here. */
  Set<Integer> partitions(int count) {
    return SlideResultsReader.partitions(tiles.keySet(), count);
  }

  /** Takes the latest verdict on a tile that has a result; null where it was withdrawn. */
  void judge(String tileId, MaskCorrected verdict) {
    Found found = tiles.get(tileId);
    if (verdict == null) {
      tiles.put(
          tileId, judged(found, Judgement.NONE, Optional.empty(), Optional.empty(), Instant.EPOCH));
      return;
    }
    if (!slideId.equals(verdict.getSlideId())
        || verdict.getWidth() != found.tile.width()
        || verdict.getHeight() != found.tile.height()) {
      return;
    }
    Judgement judgement = Judgement.of(verdict.getVerdict());
    ByteBuffer mask = verdict.getMask();
    boolean stands =
        (judgement == Judgement.CONFIRMED || judgement == Judgement.CORRECTED)
            && mask.hasRemaining();
    tiles.put(
        tileId,
        judged(
            found,
            judgement,
            stands ? Optional.of(spool.add(mask)) : Optional.empty(),
            Optional.of(verdict.getReviewer()),
            verdict.getCorrectedAt()));
  }

  private Found judged(
      Found found,
      Judgement judgement,
      Optional<Spool.Place> mask,
      Optional<String> reviewer,
      Instant at) {
    ResultTile tile =
        found.tile.judged(shared(found.tile.origin().judged(judgement)), mask, reviewer, at);
    return new Found(tile, found.scanId, found.scannedAt, found.scale);
  }

  private TileOrigin shared(TileOrigin origin) {
    return origins.computeIfAbsent(origin, same -> same);
  }

  /**
   * Puts together what was gathered; closing is then the results' own.
   *
   * @throws SlideException where the tiles do not make one picture
   */
  SlideResults results() {
    Optional<String> scanId = scan();
    List<Found> found =
        tiles.values().stream()
            .filter(tile -> tile.scanId.equals(scanId))
            .sorted(
                Comparator.comparingInt((Found f) -> f.tile.top())
                    .thenComparingInt(f -> f.tile.left()))
            .toList();
    if (found.isEmpty()) {
      throw new SlideException(
          SlideException.Reason.UNKNOWN,
          manifest.isPresent()
              ? "Slide %s is known, and none of its tiles has a result that is kept: results are kept for 30 days, and the tiles of a scan that was replaced do not count."
                  .formatted(slideId)
              : "No slide %s is known here: 'histoflow scan' prints the ids of slides, reports have them as slideId."
                  .formatted(slideId),
          null);
    }
    requireOnePicture(found);
    Set<Scale> scales = new HashSet<>();
    found.forEach(tile -> scales.add(tile.scale));
    if (scales.stream().map(Scale::downsample).distinct().count() > 1) {
      throw new SlideException(
          "The tiles of slide %s were read from different levels: they make no one picture; scan it again with --replace."
              .formatted(slideId));
    }
    return new SlideResults(
        slideId,
        scanId,
        manifest,
        found.get(0).scale.downsample,
        scales.size() == 1
            ? Optional.ofNullable(found.get(0).scale.micronsPerPixel)
            : Optional.empty(),
        found.stream().map(Found::tile).toList(),
        unusable,
        spool);
  }

  /** The scan of the manifest; before there is one, that of the tile scanned last. */
  private Optional<String> scan() {
    if (manifest.isPresent()) {
      return Optional.ofNullable(manifest.get().getScanId());
    }
    return tiles.values().stream()
        .max(Comparator.comparing(Found::scannedAt))
        .flatMap(Found::scanId);
  }

  private void requireOnePicture(List<Found> inOrder) {
    for (int i = 1; i < inOrder.size(); i++) {
      ResultTile before = inOrder.get(i - 1).tile;
      ResultTile tile = inOrder.get(i).tile;
      if (before.top() == tile.top() && before.left() == tile.left()) {
        throw new SlideException(
            "Slide %s is several images whose tiles lie on each other (%s and %s): scan each image as a slide of its own to export it."
                .formatted(slideId, before.tileId(), tile.tileId()));
      }
    }
  }

  /** Lets go of the disk where {@link #results} was not reached. */
  @Override
  public void close() {
    spool.close();
  }
}
