package io.histoflow.finetuning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The latest usable verdict on each tile, in the order of arrival, and how far the corrections'
 * topic has been read. Bounded: beyond its limit the verdicts that have been there longest are
 * forgotten, and stay on their topic.
 */
final class CorrectionStore {
  private final long maxBytes;
  // Re-inserted when a tile is judged again, so that iteration goes from the oldest verdict on.
  private final Map<String, Correction> latest = new LinkedHashMap<>();
  private final Map<Integer, Long> nextOffsets = new HashMap<>();
  private long bytes;

  /**
   * @param maxBytes most bytes of encoded images and masks, 1 or more
   */
  CorrectionStore(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Takes a verdict in.
   *
   * @return the verdicts that had to be forgotten for it
   */
  List<Correction> put(Correction correction) {
    remove(correction.tileId());
    latest.put(correction.tileId(), correction);
    bytes += correction.size();
    return forgetBeyondLimit();
  }

  /** Forgets what is known of a tile: its latest verdict is not to be learned from. */
  void remove(String tileId) {
    Correction old = latest.remove(tileId);
    if (old != null) {
      bytes -= old.size();
    }
  }

  /** Notes that a partition has been read up to, and without, an offset. */
  void readUpTo(int partition, long nextOffset) {
    nextOffsets.merge(partition, nextOffset, Math::max);
  }

  /** Returns for each partition the offset after the last record read. */
  Map<Integer, Long> nextOffsets() {
    return Map.copyOf(nextOffsets);
  }

  /** Returns the verdicts, oldest first, that a condition holds for. */
  List<Correction> where(Predicate<Correction> condition) {
    return latest.values().stream().filter(condition).toList();
  }

  /** Returns all verdicts, oldest first. */
  Collection<Correction> all() {
    return List.copyOf(latest.values());
  }

  /** Returns the verdict on a tile. */
  Optional<Correction> find(String tileId) {
    return Optional.ofNullable(latest.get(tileId));
  }

  /** Returns the bytes of all images and masks. */
  long bytes() {
    return bytes;
  }

  private List<Correction> forgetBeyondLimit() {
    List<Correction> forgotten = new ArrayList<>();
    Iterator<Correction> oldest = latest.values().iterator();
    while (bytes > maxBytes && latest.size() > 1) {
      Correction correction = oldest.next();
      oldest.remove();
      bytes -= correction.size();
      forgotten.add(correction);
    }
    return forgotten;
  }
}
