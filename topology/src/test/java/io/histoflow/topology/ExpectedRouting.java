package io.histoflow.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.routing.RoutingSettings;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

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
  private final Set<String> drawn = new HashSet<>();
  private int background;
  private long minute = Long.MIN_VALUE;

  /**
   * @param capacity alerts an hour that the router may raise
   */
  ExpectedRouting(RoutingSettings settings, int capacity, List<Arrival> log) {
    this.settings = settings;
    this.capacity = capacity;
    Set<String> segmented = new HashSet<>();
    Set<String> counted = new HashSet<>();
    for (Arrival arrival : log) {
      TileSegmented tile = arrival.tile;
      boolean first = segmented.add(tile.getTileId());
      if (tile.getBackground()) {
        if (first && fraction(tile.getTileId()) < settings.audit().backgroundShare()) {
          drawn.add(tile.getTileId());
          Organ organ = organs.computeIfAbsent(tile.getOrgan(), name -> new Organ());
          organ.wanted--;
          background++;
          raise(arrival, organ, ReviewReason.AUDIT, organ.threshold());
        }
      } else if (counted.add(tile.getTileId())) {
        route(arrival, first);
      }
    }
  }

  /** Returns the alerts, in order. */
  List<Decision> alerts() {
    return alerts;
  }

  /** Returns how many of them are for background, which is counted nowhere. */
  int background() {
    return background;
  }

  /** Returns what was held back, in order. */
  List<Decision> heldBack() {
    return heldBack;
  }

  /** Returns the distinct tiles of each organ that were not only background. */
  Map<String, Integer> tiles() {
    Map<String, Integer> tiles = new HashMap<>();
    organs.forEach((name, organ) -> tiles.put(name, organ.seen));
    tiles.values().removeIf(seen -> seen == 0);
    return tiles;
  }

  /** Returns the tiles that chance drew, whatever else asked for them. */
  Set<String> drawn() {
    return drawn;
  }

  private double fraction(String tileId) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(settings.audit().key().getBytes(UTF_8), "HmacSHA256"));
      return new BigInteger(1, mac.doFinal(tileId.getBytes(UTF_8)))
              .shiftRight(256 - 53)
              .doubleValue()
          / Math.pow(2, 53);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return 1;
    }
  }

  private void route(Arrival arrival, boolean first) {
    TileSegmented tile = arrival.tile;
    double score = tile.getRoutingScore();
    Organ organ = organs.computeIfAbsent(tile.getOrgan(), name -> new Organ());
    organ.add(score);
    if (drawn.contains(tile.getTileId())) {
      return;
    }
    double probability = settings.budget() * settings.audit().share();
    boolean audited = first && fraction(tile.getTileId()) < probability;
    if (audited) {
      drawn.add(tile.getTileId());
    }
    int alertsBefore = alerts.size();
    byScore(arrival, organ, score, audited);
    if (audited && alerts.size() == alertsBefore) {
      raise(arrival, organ, ReviewReason.AUDIT, organ.threshold());
    }
  }

  private void byScore(Arrival arrival, Organ organ, double score, boolean audited) {
    if (score >= settings.floor()) {
      raise(arrival, organ, ReviewReason.FLOOR, settings.floor());
    } else if (organ.scores().size() < settings.coldStartTiles()) {
      if (score > settings.coldStartThreshold() && (organ.wanted == 0 || organ.canPay())) {
        raiseIfPossible(
            arrival, organ, ReviewReason.COLD_START, settings.coldStartThreshold(), audited);
      }
    } else {
      double share = organ.share();
      double threshold = reachedBy(organ.scores(), share);
      if (share == 1) {
        threshold = Math.min(threshold, score);
      }
      if (score >= threshold && organ.canPay()) {
        raiseIfPossible(arrival, organ, ReviewReason.UNCERTAIN, threshold, audited);
      }
    }
  }

  private void raiseIfPossible(
      Arrival arrival, Organ organ, ReviewReason reason, double threshold, boolean audited) {
    moveTo(arrival.stamp);
    if (alertMinutes.stream().filter(at -> at >= minute - 60).count() < capacity) {
      raise(arrival, organ, reason, threshold);
    } else if (!audited) {
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

    /** What a score has to reach while the account is even. */
    double threshold() {
      return scores().size() < settings.coldStartTiles()
          ? settings.coldStartThreshold()
          : reachedBy(scores(), shareByScore());
    }

    /** Of the tiles that chance leaves, so many that all are the budget. */
    private double shareByScore() {
      double byChance = settings.budget() * settings.audit().share();
      return byChance == 0 ? settings.budget() : (settings.budget() - byChance) / (1 - byChance);
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
      return Math.max(0, Math.min(1, shareByScore() * factor));
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
      double score = reason == ReviewReason.AUDIT ? threshold : tile.getRoutingScore();
      return new Decision(tile.getTileId(), score, reason, threshold);
    }
  }
}
