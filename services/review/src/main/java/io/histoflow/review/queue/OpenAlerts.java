package io.histoflow.review.queue;

import io.histoflow.review.kafka.RecordPosition;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Open alerts in the queue's order, bounded: of more the least uncertain are left out. Not safe for
 * use by several threads.
 */
final class OpenAlerts {
  private final int capacity;
  private final NavigableMap<AlertOrder, Alert> inOrder = new TreeMap<>();
  private final NavigableMap<SlideOrder, Alert> bySlide = new TreeMap<>();
  private final Map<String, Alert> byTile = new HashMap<>();
  private final Map<String, Integer> byOrgan = new TreeMap<>();
  private boolean leftOut;

  /**
   * Begins with none.
   *
   * @param capacity most alerts that are held, 1 or more
   */
  OpenAlerts(int capacity) {
    this.capacity = capacity;
  }

  /** Adds an alert, in place of an older one of the same tile; one read again changes nothing. */
  void raise(Alert alert, AlertListener listener) {
    Alert present = byTile.get(alert.tileId());
    if (present != null && !isAfter(alert.position(), present.position())) {
      return;
    }
    remove(alert.tileId());
    inOrder.put(alert.order(), alert);
    bySlide.put(SlideOrder.of(alert), alert);
    byTile.put(alert.tileId(), alert);
    byOrgan.merge(alert.organ(), 1, Integer::sum);
    if (inOrder.size() > capacity) {
      Alert least = inOrder.lastEntry().getValue();
      remove(least.tileId());
      leftOut = true;
      if (least.position().equals(alert.position())) {
        return;
      }
      listener.closed(least.tileId());
    }
    listener.raised(alert);
  }

  /** Takes an alert out, whatever became of it. */
  void remove(String tileId) {
    Alert alert = byTile.remove(tileId);
    if (alert != null) {
      inOrder.remove(alert.order());
      bySlide.remove(SlideOrder.of(alert));
      byOrgan.computeIfPresent(alert.organ(), (organ, n) -> n == 1 ? null : n - 1);
    }
  }

  Optional<Alert> find(String tileId) {
    return Optional.ofNullable(byTile.get(tileId));
  }

  NavigableMap<AlertOrder, Alert> inOrder() {
    return inOrder;
  }

  NavigableMap<SlideOrder, Alert> bySlide() {
    return bySlide;
  }

  Map<String, Integer> byOrgan() {
    return byOrgan;
  }

  int size() {
    return inOrder.size();
  }

  /** Tells whether alerts were left out for want of room. */
  boolean hasLeftOut() {
    return leftOut;
  }

  /** Offsets tell the order within a partition, and one tile's alerts lie in one partition. */
  static boolean isAfter(RecordPosition one, RecordPosition other) {
    return one.partition() != other.partition() || one.offset() > other.offset();
  }
}
