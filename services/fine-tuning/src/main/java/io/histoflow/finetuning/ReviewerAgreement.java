package io.histoflow.finetuning;

import io.histoflow.evaluation.Confusion;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether reviewers agree on the tiles that several of them have judged. The latest verdict of each
 * reviewer counts. Two disagree where one calls the tile unusable and the other does not, or where
 * the Dice coefficient of their masks lies below a limit; two empty masks agree.
 *
 * <p>It knows the verdicts that were on the corrections' topic when it was read. The topic is
 * compacted: of a tile's older verdicts some may be gone after a restart. Bounded: beyond its limit
 * the tiles that were judged longest ago are forgotten and not counted any more, and of one tile it
 * knows the verdicts of the last {@value #MOST_REVIEWERS} reviewers.
 */
final class ReviewerAgreement {
  private static final int MOST_REVIEWERS = 8;

  /** Roughly what a verdict takes beside its mask. */
  private static final long OVERHEAD = 300;

  private final double leastDice;
  private final long maxBytes;
  // By tile, the one judged last at the end.
  private final Map<String, Tile> tiles = new LinkedHashMap<>();
  private long bytes;
  private int judgedBySeveral;
  private int disagreedOn;

  /**
   * @param leastDice lowest Dice coefficient of masks that agree, 0..1
   * @param maxBytes most bytes that masks and their places take in memory
   */
  ReviewerAgreement(double leastDice, long maxBytes) {
    if (!(leastDice >= 0 && leastDice <= 1)) {
      throw new IllegalArgumentException("The least Dice must be in 0..1, not " + leastDice);
    }
    this.leastDice = leastDice;
    this.maxBytes = maxBytes;
  }

  /**
   * What one reviewer says.
   *
   * @param mask as PNG; empty where the tile is unusable
   * @param width of the mask in pixels
   * @param height of the mask in pixels
   */
  private record Judged(Optional<byte[]> mask, int width, int height) {

    static Judged of(TileVerdict verdict) {
      return verdict
          .correction()
          .map(
              it ->
                  new Judged(
                      Optional.of(it.mask()), it.correction().width(), it.correction().height()))
          .orElseGet(() -> new Judged(Optional.empty(), 0, 0));
    }

    /** Returns the mask; empty where the tile is unusable, or the mask. */
    Optional<Mask> decoded() {
      return mask.flatMap(
          png -> {
            try {
              return Optional.of(MaskPng.decode(png, EncodedCorrection.announced(width, height)));
            } catch (ImageRejectedException | OutOfMemoryError e) {
              return Optional.empty();
            }
          });
    }
  }

  /** The verdicts on one tile, by reviewer, the latest at the end. */
  private static final class Tile {
    private final Map<String, Judged> verdicts = new LinkedHashMap<>();
    private long bytes;
    private boolean disputed;

    void put(String reviewer, Judged judged) {
      remove(reviewer);
      verdicts.put(reviewer, judged);
      bytes += size(reviewer, judged);
      if (verdicts.size() > MOST_REVIEWERS) {
        remove(verdicts.keySet().iterator().next());
      }
    }

    boolean isJudgedBySeveral() {
      return verdicts.size() > 1;
    }

    private void remove(String reviewer) {
      Judged old = verdicts.remove(reviewer);
      bytes -= old == null ? 0 : size(reviewer, old);
    }

    private static long size(String reviewer, Judged judged) {
      return OVERHEAD + 2L * reviewer.length() + judged.mask().map(png -> png.length).orElse(0);
    }
  }

  /** Takes the next verdict in. */
  void apply(TileVerdict verdict) {
    Tile tile = Optional.ofNullable(take(verdict.tileId())).orElseGet(Tile::new);
    tile.put(verdict.reviewer(), Judged.of(verdict));
    tile.disputed = tile.isJudgedBySeveral() && isDisputed(tile.verdicts.values());
    tiles.put(verdict.tileId(), tile);
    count(tile, 1);
    while (bytes > maxBytes && tiles.size() > 1) {
      Tile unused = take(tiles.keySet().iterator().next());
    }
  }

  /** Forgets the verdicts on a tile. */
  void forget(String tileId) {
    Tile unused = take(tileId);
  }

  /** Returns the number of tiles that two reviewers or more have judged. */
  int judgedBySeveral() {
    return judgedBySeveral;
  }

  /** Returns the number of these on which they disagree. */
  int disagreedOn() {
    return disagreedOn;
  }

  /** Returns about how many bytes it takes in memory. */
  long bytes() {
    return bytes;
  }

  private Tile take(String tileId) {
    Tile tile = tiles.remove(tileId);
    if (tile != null) {
      count(tile, -1);
    }
    return tile;
  }

  private void count(Tile tile, int sign) {
    bytes += sign * tile.bytes;
    judgedBySeveral += tile.isJudgedBySeveral() ? sign : 0;
    disagreedOn += tile.disputed ? sign : 0;
  }

  private boolean isDisputed(Collection<Judged> ofTile) {
    List<Optional<Mask>> masks = ofTile.stream().map(Judged::decoded).toList();
    for (int i = 0; i < masks.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (differ(masks.get(i), masks.get(j))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean differ(Optional<Mask> one, Optional<Mask> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isPresent() != other.isPresent();
    }
    if (one.get().width() != other.get().width() || one.get().height() != other.get().height()) {
      return true;
    }
    // Undefined where both are empty: they agree that there is nothing.
    return Confusion.of(one.get(), other.get()).dice() < leastDice;
  }
}
