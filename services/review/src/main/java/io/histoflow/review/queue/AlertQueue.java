package io.histoflow.review.queue;

import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * The open alerts, most uncertain first, bounded. Safe for use by several threads.
 *
 * <p>Where more alerts are open than the queue holds, the least uncertain are left out; {@link
 * #shouldReload} says when there is room for them again. While they are read once more the queue
 * shows what it held, and takes no verdicts: alerts that were closed long ago are met again before
 * their tombstones are.
 */
public final class AlertQueue {
  private static final int CLOSED_REMEMBERED = 10_000;
  private static final AlertListener NOBODY =
      new AlertListener() {
        @Override
        public void raised(Alert alert) {
          // Told when everything has been read.
        }

        @Override
        public void closed(String tileId) {
          // Told when everything has been read.
        }
      };

  private final int capacity;
  private final AlertListener listener;
  private final Map<String, Reservation> reservations = new HashMap<>();
  private final Map<String, ClosedAlert> closed = new RecentlyClosed();
  private OpenAlerts open;
  private int reloadAt;
  private Optional<OpenAlerts> rereading = Optional.empty();

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
    this.open = new OpenAlerts(capacity);
    this.reloadAt = capacity / 2;
  }

  /** Adds an alert, in place of an older one of the same tile; one read again changes nothing. */
  public synchronized void raise(Alert alert) {
    if (isClosed(alert)) {
      return;
    }
    if (rereading.isPresent()) {
      rereading.get().raise(alert, NOBODY);
    } else {
      closed.remove(alert.tileId());
      open.raise(alert, listener);
    }
  }

  /**
   * Closes what a tombstone closes: an alert of the tile that was raised before it.
   *
   * @param tileId key of the tombstone
   * @param tombstone where the tombstone lies
   * @param at when it was written
   */
  public synchronized void close(String tileId, RecordPosition tombstone, Instant at) {
    OpenAlerts alerts = rereading.orElse(open);
    Optional<Alert> alert = alerts.find(tileId);
    if (alert.isPresent() && !OpenAlerts.isAfter(tombstone, alert.get().position())) {
      return;
    }
    alerts.remove(tileId);
    if (rereading.isEmpty()) {
      // A verdict of this service's own was remembered with its alert when it was committed.
      Optional<ClosedAlert> known = Optional.ofNullable(closed.get(tileId));
      remember(
          tileId,
          new ClosedAlert(
              tombstone,
              known.map(ClosedAlert::at).orElse(at),
              alert.or(() -> known.flatMap(ClosedAlert::alert))));
      if (alert.isPresent()) {
        listener.closed(tileId);
      }
    }
  }

  /**
   * Finds an open alert.
   *
   * @throws RefusedException where there is none, with a reason of its own where it was closed
   *     lately
   */
  public synchronized Alert get(String tileId) throws RefusedException {
    Optional<Alert> alert = open.find(tileId);
    if (alert.isPresent()) {
      return alert.get();
    }
    if (closed.containsKey(tileId)) {
      throw new RefusedException(
          Reason.ALERT_CONFLICT,
          "Tile " + tileId + " has been reviewed already: its alert is closed.");
    }
    throw new RefusedException(
        Reason.NO_SUCH_ALERT, "There is no open alert for tile " + tileId + " in the queue.");
  }

  /**
   * Finds an alert that was closed lately.
   *
   * @throws RefusedException where it is open, and where nothing is remembered of it
   */
  public synchronized ClosedAlert closed(String tileId) throws RefusedException {
    if (open.find(tileId).isPresent()) {
      throw new RefusedException(
          Reason.ALERT_CONFLICT,
          "The alert of tile " + tileId + " is open: it has no verdict yet.");
    }
    return Optional.ofNullable(closed.get(tileId))
        .orElseThrow(
            () ->
                new RefusedException(
                    Reason.NO_SUCH_ALERT,
                    "No alert of tile " + tileId + " was closed lately, as far as is known here."));
  }

  /**
   * Reserves an open alert for one verdict, so that a second one is refused meanwhile.
   *
   * @return the reservation, to be closed whatever comes
   * @throws RefusedException where there is no such alert, where it was closed lately or is being
   *     closed, and while alerts are read from the beginning
   */
  public synchronized Reservation reserve(String tileId) throws RefusedException {
    Alert alert = get(tileId);
    if (rereading.isPresent()) {
      throw new RefusedException(
          Reason.REREADING,
          "The alerts are being read anew, and verdicts wait for it: try again in a moment.");
    }
    if (reservations.containsKey(tileId)) {
      throw new RefusedException(
          Reason.ALERT_CONFLICT,
          "Tile " + tileId + " is being reviewed by somebody else at this moment.");
    }
    Reservation reservation = new Reservation(alert);
    reservations.put(tileId, reservation);
    return reservation;
  }

  /**
   * Reads a page.
   *
   * @param filter which alerts are meant
   * @param after place after which the page begins, empty for the start
   * @param limit most alerts on the page, 1 or more
   */
  public synchronized AlertPage page(AlertFilter filter, Optional<AlertOrder> after, int limit) {
    return page(open.inOrder(), filter, after, limit);
  }

  /**
   * Reads a page of the alerts slide by slide.
   *
   * @param filter which alerts are meant
   * @param after place after which the page begins, empty for the start
   * @param limit most alerts on the page, 1 or more
   */
  public synchronized AlertPage pageBySlide(
      AlertFilter filter, Optional<SlideOrder> after, int limit) {
    return page(open.bySlide(), filter, after, limit);
  }

  private <T> AlertPage page(
      NavigableMap<T, Alert> all, AlertFilter filter, Optional<T> after, int limit) {
    NavigableMap<T, Alert> rest = after.map(o -> all.tailMap(o, false)).orElse(all);
    List<Alert> found = rest.values().stream().filter(filter::includes).limit(limit + 1L).toList();
    boolean more = found.size() > limit;
    List<Alert> page = more ? found.subList(0, limit) : found;
    int total =
        filter.equals(AlertFilter.ALL)
            ? open.size()
            : (int) all.values().stream().filter(filter::includes).count();
    return new AlertPage(page, total, more);
  }

  /** Returns the open alerts that were raised last, the newest first. */
  public synchronized List<Alert> newest(int limit) {
    return open.inOrder().values().stream()
        .sorted(Comparator.comparing(Alert::requestedAt).reversed())
        .limit(limit)
        .toList();
  }

  /** Returns how many alerts are open, by organ in alphabetical order. */
  public synchronized Map<String, Integer> openByOrgan() {
    return new LinkedHashMap<>(open.byOrgan());
  }

  /** Returns how many alerts the queue holds. */
  public synchronized int size() {
    return open.size();
  }

  /** Tells whether alerts were left out for want of room. */
  public synchronized boolean hasLeftOut() {
    return open.hasLeftOut();
  }

  /**
   * Tells whether alerts were left out and half the queue is free again, or half of what was there
   * after the last time where that has not helped.
   */
  public synchronized boolean shouldReload() {
    return open.hasLeftOut() && open.size() <= reloadAt;
  }

  /** To be called before the alerts are read from the beginning once more. */
  public synchronized void reread() {
    rereading = Optional.of(new OpenAlerts(capacity));
  }

  /** To be called when they have been read to the end: what was read is what is open. */
  public synchronized void rereadToTheEnd() {
    OpenAlerts before = open;
    open = rereading.orElseThrow();
    rereading = Optional.empty();
    reloadAt = open.hasLeftOut() ? Math.min(capacity, open.size()) / 2 : capacity / 2;
    // Whose verdict was given meanwhile may have been met before its tombstone.
    List<Alert> settled = open.inOrder().values().stream().filter(this::isClosed).toList();
    settled.forEach(alert -> open.remove(alert.tileId()));
    for (Alert alert : before.inOrder().values()) {
      if (open.find(alert.tileId()).isEmpty()) {
        listener.closed(alert.tileId());
      }
    }
    for (Alert alert : open.inOrder().values()) {
      closed.remove(alert.tileId());
      if (!before.find(alert.tileId()).map(Alert::position).equals(Optional.of(alert.position()))) {
        listener.raised(alert);
      }
    }
  }

  private void remember(String tileId, ClosedAlert alert) {
    // No alert has a longer id.
    if (tileId.length() <= Alert.MAX_NAME) {
      closed.put(tileId, alert);
    }
  }

  private boolean isClosed(Alert alert) {
    ClosedAlert known = closed.get(alert.tileId());
    return known != null && !OpenAlerts.isAfter(alert.position(), known.upTo());
  }

  /** The right to give one alert its verdict. */
  public final class Reservation implements AutoCloseable {
    private final Alert alert;

    private Reservation(Alert alert) {
      this.alert = alert;
    }

    /** Returns the alert as it was when it was reserved. */
    public Alert alert() {
      return alert;
    }

    /**
     * Closes the alert, its verdict having been published; a newer alert of the tile stays.
     *
     * @param at when the verdict was given
     */
    public void settle(Instant at) {
      synchronized (AlertQueue.this) {
        Optional<Alert> present = open.find(alert.tileId());
        if (present.filter(a -> a.position().equals(alert.position())).isPresent()) {
          open.remove(alert.tileId());
          remember(alert.tileId(), new ClosedAlert(alert.position(), at, Optional.of(alert)));
          listener.closed(alert.tileId());
        }
      }
    }

    /** Gives the reservation up; without {@link #settle} the alert stays open. */
    @Override
    public void close() {
      synchronized (AlertQueue.this) {
        reservations.remove(alert.tileId(), this);
      }
    }
  }

  /**
   * So that a second verdict is told apart from an unknown tile. The first in is the first out: a
   * cache that keeps what is asked for most would forget what was closed last.
   */
  private static final class RecentlyClosed extends LinkedHashMap<String, ClosedAlert> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, ClosedAlert> eldest) {
      return size() > CLOSED_REMEMBERED;
    }
  }
}
