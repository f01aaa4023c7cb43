package io.histoflow.review.tile;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the byte arrays used last, up to a number of bytes in all. Safe for use by several threads.
 *
 * @param <K> key, with equality by value
 */
final class ByteBudgetCache<K> {
  private final long budget;
  private final Map<K, byte[]> byUse = new LinkedHashMap<>(16, 0.75f, true);
  private long held;

  /**
   * Makes an empty cache.
   *
   * @param budget most bytes that are held; an array larger than this is not kept
   */
  ByteBudgetCache(long budget) {
    this.budget = budget;
  }

  synchronized Optional<byte[]> get(K key) {
    return Optional.ofNullable(byUse.get(key));
  }

  synchronized void put(K key, byte[] bytes) {
    byte[] old = byUse.remove(key);
    held -= old == null ? 0 : old.length;
    if (bytes.length > budget) {
      return;
    }
    byUse.put(key, bytes);
    held += bytes.length;
    Iterator<byte[]> eldest = byUse.values().iterator();
    while (held > budget) {
      held -= eldest.next().length;
      eldest.remove();
    }
  }

  synchronized long heldBytes() {
    return held;
  }
}
