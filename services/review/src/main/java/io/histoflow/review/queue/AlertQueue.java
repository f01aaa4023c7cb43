package io.histoflow.review.queue;

import io.histoflow.review.kafka.RecordPosition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The open alerts, most uncertain first, bounded. Safe for use by several threads.
 *
 * <p>Where more alerts are open than the queue holds, the least uncertain are left out; {@link
 * #shouldReload} says when there is room for them again.
 */
public final class AlertQueue {
  private static final int CLOSED_REMEMBERED = 10_000;

  private final int capacity;
  private final AlertListener listener;
  private final NavigableMap<AlertOrder, Alert> open = new TreeMap<>();
  private final Map<String, Alert> byTile = new HashMap<>();
  private final Map<String, Integer> openByOrgan = new TreeMap<>();
  private final Map<String, Claim> claims = new HashMap<>();
  private final Set<String> closed = Collections.newSetFromMap(new RecentlyClosed());
  private boolean leftOut;

  /**
   * Makes an empty queue.
   *
   * @param capacity most alerts that are held, 1 or more
   * @param listener told of every change
   */
  public AlertQueue(int capacity, AlertListener listener) {
    if (capacity < 1) {
      throw new IllegalArgumentException("A queue of " + capacity + " alerts holds none");
    }
    this.capacity = capacity;
    this.listener = listener;
  }

  /** Adds an alert, in place of an older one of the same tile; one read again changes nothing. */
  public synchronized void raise(Alert alert) {
    Alert present = byTile.get(alert.tileId());
    if (present != null && !isAfter(alert.position(), present.position())) {
      return;
    }
    remove(alert.tileId());
    closed.remove(alert.tileId());
    open.put(alert.order(), alert);
    byTile.put(alert.tileId(), alert);
    openByOrgan.merge(alert.organ(), 1, Integer::sum);
    if (open.size() > capacity) {
      Alert least = open.lastEntry().getValue();
      remove(least.tileId());
      leftOut = true;
      if (least.position().equals(alert.position())) {
        return;
      }
      listener.closed(least.tileId());
    }
    listener.raised(alert);
  }

  /**
   * Closes what a tombstone closes: an alert of the tile that was raised before it.
   *
   * @param tileId key of the tombstone
   * @param tombstone where the tombstone lies
   */
  public synchronized void close(String tileId, RecordPosition tombstone) {
    Alert alert = byTile.get(tileId);
    if (alert != null && !isAfter(tombstone, alert.position())) {
      return;
    }
    closed.add(tileId);
    if (alert != null) {
      remove(tileId);
      listener.closed(tileId);
    }
  }

  /**
   * Finds an open alert.
   *
   * @throws NoSuchAlertException where there is none and was none lately
   * @throws AlertConflictException where it was closed lately
   */
  public synchronized Alert get(String tileId) throws NoSuchAlertException, AlertConflictException {
    Alert alert = byTile.get(tileId);
    if (alert != null) {
      return alert;
    }
    if (closed.contains(tileId)) {
      throw new AlertConflictException(
          "Tile " + tileId + " has been reviewed already: its alert is closed.");
    }
    throw new NoSuchAlertException("There is no open alert for tile " + tileId + " in the queue.");
  }

  /**
   * Reserves an open alert for one verdict, so that a second one is refused meanwhile.
   *
   * @return the claim, to be closed whatever comes
   * @throws NoSuchAlertException where there is no such alert
   * @throws AlertConflictException where it was closed lately or is being closed
   */
  public synchronized Claim claim(String tileId)
      throws NoSuchAlertException, AlertConflictException {
    Alert alert = get(tileId);
    if (claims.containsKey(tileId)) {
      throw new AlertConflictException(
          "Tile " + tileId + " is being reviewed by somebody else at this moment.");
    }
    Claim claim = new Claim(alert);
    claims.put(tileId, claim);
    return claim;
  }

  /**
   * Reads a page.
   *
   * @param organ organ to show, empty for all
   * @param after place after which the page begins, empty for the start
   * @param limit most alerts on the page, 1 or more
   */
  public synchronized AlertPage page(
      Optional<String> organ, Optional<AlertOrder> after, int limit) {
    NavigableMap<AlertOrder, Alert> rest = after.map(o -> open.tailMap(o, false)).orElse(open);
    List<Alert> page = new ArrayList<>(Math.min(limit, open.size()));
    boolean more = false;
    for (Alert alert : rest.values()) {
      if (organ.isPresent() && !organ.get().equals(alert.organ())) {
        continue;
      }
      if (page.size() == limit) {
        more = true;
        break;
      }
      page.add(alert);
    }
    int total = organ.map(o -> openByOrgan.getOrDefault(o, 0)).orElse(open.size());
    Optional<AlertOrder> next =
        more ? Optional.of(page.get(page.size() - 1).order()) : Optional.empty();
    return new AlertPage(page, total, next);
  }

  /** Returns how many alerts are open, by organ in alphabetical order. */
  public synchronized Map<String, Integer> openByOrgan() {
    return new LinkedHashMap<>(openByOrgan);
  }

  /** Returns how many alerts the queue holds. */
  public synchronized int size() {
    return open.size();
  }

  /** Tells whether alerts were left out for want of room. */
  public synchronized boolean hasLeftOut() {
    return leftOut;
  }

  /** Tells whether alerts were left out and half the queue is free again. */
  public synchronized boolean shouldReload() {
    return leftOut && open.size() <= capacity / 2;
  }

  /** To be called when the alerts are about to be read from the beginning once more. */
  public synchronized void reloading() {
    leftOut = false;
  }

  private void remove(String tileId) {
    Alert alert = byTile.remove(tileId);
    if (alert != null) {
      open.remove(alert.order());
      openByOrgan.computeIfPresent(alert.organ(), (organ, n) -> n == 1 ? null : n - 1);
    }
  }

  /** Offsets tell the order within a partition, and one tile's alerts lie in one partition. */
  private static boolean isAfter(RecordPosition one, RecordPosition other) {
    return one.partition() != other.partition() || one.offset() > other.offset();
  }

  /** The right to give one alert its verdict. */
  public final class Claim implements AutoCloseable {
    private final Alert alert;

    private Claim(Alert alert) {
      this.alert = alert;
    }

    /** Returns the alert as it was when it was claimed. */
    public Alert alert() {
      return alert;
    }

    /** Closes the alert, its verdict having been published; a newer alert of the tile stays. */
    public void settle() {
      synchronized (AlertQueue.this) {
        Alert present = byTile.get(alert.tileId());
        if (present != null && present.position().equals(alert.position())) {
          remove(alert.tileId());
          closed.add(alert.tileId());
          listener.closed(alert.tileId());
        }
      }
    }

    /** Gives the claim up; without {@link #settle} the alert stays open. */
    @Override
    public void close() {
      synchronized (AlertQueue.this) {
        claims.remove(alert.tileId(), this);
      }
    }
  }

  /** So that a second verdict is told apart from an unknown tile. */
  private static final class RecentlyClosed extends LinkedHashMap<String, Boolean> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > CLOSED_REMEMBERED;
    }
  }
}
