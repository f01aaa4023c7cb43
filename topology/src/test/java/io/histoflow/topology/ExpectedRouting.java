package io.histoflow.topology;

import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.routing.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one router has to do with a log of tiles of one version of the weights: the rules of
 * topology/README.md once more, in plain lists and without Kafka. Of a single router what it has
 * booked is the organ's account, whatever was published meanwhile.
 */
final class ExpectedRouting {
  private final RoutingSettings settings;
  private final int capacity;
  private final Map<String, Organ> organs = new HashMap<>();
  private final List<Decision> alerts = new ArrayList<>();
  private final List<Decision> heldBack = new ArrayList<>();
  private final List<Long> alertMinutes = new ArrayList<>();
  private long minute = Long.MIN_VALUE;

  /**
   * @param capacity alerts an hour that the router may raise
   */
  ExpectedRouting(RoutingSettings settings, int capacity, List<Arrival> log) {
    this.settings = settings;
    this.capacity = capacity;
    Set<String> seen = new HashSet<>();
    for (Arrival arrival : log) {
      if (!arrival.tile.getBackground() && seen.add(arrival.tile.getTileId())) {
        route(arrival);
      }
    }
  }

  /** Returns the alerts, in order. */
  List<Decision> alerts() {
    return alerts;
  }

  /** Returns what was held back, in order. */
  List<Decision> heldBack() {
    return heldBack;
  }

  /** Returns the distinct tiles of each organ that were not only background. */
  Map<String, Integer> tiles() {
    Map<String, Integer> tiles = new HashMap<>();
    organs.forEach((name, organ) -> tiles.put(name, organ.seen));
    return tiles;
  }

  private void route(Arrival arrival) {
    TileSegmented tile = arrival.tile;
    double score = tile.getRoutingScore();
    Organ organ = organs.computeIfAbsent(tile.getOrgan(), name -> new Organ());
    organ.add(score);
    if (score >= settings.floor()) {
      raise(arrival, organ, ReviewReason.FLOOR, settings.floor());
    } else if (organ.scores().size() < settings.coldStartTiles()) {
      if (score > settings.coldStartThreshold() && (organ.wanted == 0 || organ.canPay())) {
        raiseIfPossible(arrival, organ, ReviewReason.COLD_START, settings.coldStartThreshold());
      }
    } else {
      double share = organ.share();
      double threshold = reachedBy(organ.scores(), share);
      if (share == 1) {
        threshold = Math.min(threshold, score);
      }
      if (score >= threshold && organ.canPay()) {
        raiseIfPossible(arrival, organ, ReviewReason.UNCERTAIN, threshold);
      }
    }
  }

  private void raiseIfPossible(
      Arrival arrival, Organ organ, ReviewReason reason, double threshold) {
    moveTo(arrival.stamp);
    if (alertMinutes.stream().filter(at -> at >= minute - 60).count() < capacity) {
      raise(arrival, organ, reason, threshold);
    } else {
      heldBack.add(Decision.of(arrival.tile, reason, threshold));
      organ.pay();
    }
  }

  private void raise(Arrival arrival, Organ organ, ReviewReason reason, double threshold) {
    moveTo(arrival.stamp);
    alertMinutes.add(minute);
    alerts.add(Decision.of(arrival.tile, reason, threshold));
    organ.pay();
  }

  /** Tiles that come late count as of now. */
  private void moveTo(Instant stamp) {
    minute = Math.max(minute, Duration.between(Instant.EPOCH, stamp).toMinutes());
  }

  /** Returns the highest score that a share of all reach; the highest of all for a share of 0. */
  private static double reachedBy(List<Double> scores, double share) {
    List<Double> ascending = scores.stream().sorted().toList();
    int below = (int) Math.floor((1 - share) * ascending.size());
    return ascending.get(Math.min(below, ascending.size() - 1));
  }

  private final class Organ {
    private List<Double> older = List.of();
    private List<Double> newer = new ArrayList<>();
    private double credit;
    private int seen;
    private int wanted;

    void add(double score) {
      seen++;
      credit = toBillionth(Math.min(credit + settings.budget(), 2 * tolerance()));
      newer.add(score);
      if (newer.size() == settings.windowTiles() / 2) {
        older = newer;
        newer = new ArrayList<>();
      }
    }

    List<Double> scores() {
      return Stream.concat(older.stream(), newer.stream()).toList();
    }

    boolean canPay() {
      return credit - 1 >= -tolerance();
    }

    void pay() {
      wanted++;
      credit = toBillionth(Math.max(credit - 1, -10 * tolerance()));
    }

    /** Sums of the same terms are the same in any order. */
    private static double toBillionth(double sum) {
      return Math.rint(sum * 1e9) / 1e9;
    }

    /** More than the budget where reviews are owed, less where the account is overdrawn. */
    double share() {
      double owed = credit / tolerance();
      double factor = 1 + 0.2 * owed + 20 * owed * owed * owed * owed * owed;
      return Math.max(0, Math.min(1, settings.budget() * factor));
    }

    private double tolerance() {
      return 0.6 + 0.004 * Math.min(seen, 500);
    }
  }

  /**
   * A tile that comes.
   *
   * @param tile the tile
   * @param at when it comes
   * @param stamp when it was segmented, not after that
   */
  record Arrival(TileSegmented tile, Instant at, Instant stamp) {}

  /**
   * A tile that goes to review, or would.
   *
   * @param tileId the tile
   * @param score the score that counts
   * @param reason why
   * @param threshold by which threshold
   */
  record Decision(String tileId, double score, ReviewReason reason, double threshold) {
    private static Decision of(TileSegmented tile, ReviewReason reason, double threshold) {
      return new Decision(tile.getTileId(), tile.getRoutingScore(), reason, threshold);
    }
  }
}
