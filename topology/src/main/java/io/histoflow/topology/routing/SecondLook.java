package io.histoflow.topology.routing;

import io.histoflow.schemas.ReviewReason;
import io.histoflow.topology.ledger.TileEntry;
import io.histoflow.topology.streams.StateSerde;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The rule by which a tile goes to review after all, when newer weights have segmented it again: a
 * replay, or a slide scanned twice.
 *
 * <p>It goes when its new score reaches the organ's threshold as published, uncorrected by the
 * account; until the organ has {@code coldStartTiles} scores, when it lies above the absolute
 * threshold. It was counted when it first came: it enters neither the review budget nor the scores
 * again. New weights may score everything higher, so that their alerts are bounded apart: {@value
 * #ALWAYS_ALLOWED} and the budget's share of the tiles looked at again, for each organ, router and
 * version of the weights. From the floor on a tile always goes. A tile that was sent to review
 * before, or judged, never comes back.
 */
final class SecondLook {
  private static final long ALWAYS_ALLOWED = 10;

  private final RoutingSettings settings;
  private final KeyValueStore<String, Count> counts;

  SecondLook(RoutingSettings settings, KeyValueStore<String, Count> counts) {
    this.settings = settings;
    this.counts = counts;
  }

  /** Says whether a segmentation of a known tile is worth a second look. */
  static boolean isDue(TileEntry tile, long modelVersion) {
    return tile.segmented()
        && modelVersion > tile.result().modelVersion()
        && !tile.alerted()
        && !tile.closed();
  }

  /**
   * Decides about one tile and counts it.
   *
   * @param organ its organ
   * @param modelVersion version of the newer weights
   * @param score its score by them
   * @param inky whether pen ink covers enough of it, which may not have been looked for at first
   * @param distribution what is known of the organ's scores
   * @return why it goes to review, and by which threshold; empty where it does not
   */
  Optional<BudgetRouter.Routing> route(
      String organ, long modelVersion, double score, boolean inky, ScoreDistribution distribution) {
    Count count =
        Optional.ofNullable(counts.get(organ))
            .filter(known -> known.modelVersion >= modelVersion)
            .orElseGet(() -> new Count(modelVersion, 0, 0))
            .plusTile();
    boolean cold = distribution.count() < settings.coldStartTiles();
    double threshold =
        cold ? settings.coldStartThreshold() : distribution.reachedBy(settings.shareByScore());
    boolean reaches = inky || (cold ? score > threshold : score >= threshold);
    boolean goes = settings.budget() > 0 && reaches && count.allowsAlert(settings.budget());
    counts.put(organ, goes ? count.plusAlert() : count);
    if (score >= settings.floor()) {
      return Optional.of(new BudgetRouter.Routing(ReviewReason.FLOOR, settings.floor()));
    }
    if (!goes) {
      return Optional.empty();
    }
    return Optional.of(
        inky
            ? new BudgetRouter.Routing(ReviewReason.INK, score)
            : new BudgetRouter.Routing(ReviewReason.NEWER_WEIGHTS, threshold));
  }

  static Serde<Count> serde() {
    return new StateSerde<>(
        "second looks",
        1,
        (count, out) -> {
          out.writeLong(count.modelVersion);
          out.writeLong(count.tiles);
          out.writeLong(count.alerts);
        },
        in -> new Count(in.readLong(), in.readLong(), in.readLong()));
  }

  /**
   * Second looks at an organ's tiles.
   *
   * @param modelVersion newest version of the weights that asked for them
   * @param tiles tiles looked at again since it came
   * @param alerts those of them that went to review
   */
  record Count(long modelVersion, long tiles, long alerts) {
    private Count plusTile() {
      return new Count(modelVersion, tiles + 1, alerts);
    }

    private Count plusAlert() {
      return new Count(modelVersion, tiles, alerts + 1);
    }

    private boolean allowsAlert(double budget) {
      return alerts + 1 <= ALWAYS_ALLOWED + budget * tiles;
    }
  }
}
