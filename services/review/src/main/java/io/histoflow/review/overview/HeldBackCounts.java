package io.histoflow.review.overview;

import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.TileHeldBack;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How many tiles of each organ were held back in the last day, in whole hours; bounded by hours and
 * organs, however many tiles there are. Not safe for use by several threads.
 */
final class HeldBackCounts {
  private static final int HOURS = 24;
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

  private final int mostOrgans;
  private final Map<String, NavigableMap<Long, Integer>> hours = new TreeMap<>();

  /**
   * Begins with none.
   *
   * @param mostOrgans organs that are counted; tiles of further ones are left out
   */
  HeldBackCounts(int mostOrgans) {
    this.mostOrgans = mostOrgans;
  }

  /**
   * Counts a tile.
   *
   * @return whether it is of the last day and counts
   */
  boolean add(TileHeldBack tile, Instant now) {
    long hour = hourOf(tile.getHeldBackAt());
    if (hour <= hourOf(now) - HOURS) {
      return false;
    }
    forget(now);
    String organ = OrganName.of(tile.getOrgan());
    if (hours.size() >= mostOrgans && !hours.containsKey(organ)) {
      return false;
    }
    hours
        .computeIfAbsent(organ, name -> new TreeMap<>())
        // A clock that runs ahead must not make hours without end.
        .merge(Math.min(hour, hourOf(now)), 1, Integer::sum);
    return true;
  }

  /** Returns the tiles of the running hour and the 23 before it by organ; none with 0. */
  Map<String, Integer> lastDay(Instant now) {
    forget(now);
    Map<String, Integer> counts = new TreeMap<>();
    hours.forEach(
        (organ, byHour) ->
            counts.put(organ, byHour.values().stream().mapToInt(Integer::intValue).sum()));
    return counts;
  }

  private void forget(Instant now) {
    long last = hourOf(now) - HOURS;
    hours.values().forEach(byHour -> byHour.headMap(last, true).clear());
    hours.values().removeIf(Map::isEmpty);
  }

  private static long hourOf(Instant time) {
    return Math.floorDiv(time.toEpochMilli(), HOUR_MILLIS);
  }
}
