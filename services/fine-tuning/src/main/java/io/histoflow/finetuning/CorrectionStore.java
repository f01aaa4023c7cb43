package io.histoflow.finetuning;

import java.time.Instant;
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
   * @param maxBytes most bytes that they take in memory, 1 or more
   */
  CorrectionStore(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Takes a verdict in. A tile that chance drew stays one, whoever asked for its latest verdict.
   *
   * @return those that had to be forgotten for it
   */
  List<Correction> put(Correction correction) {
    boolean drawn = find(correction.tileId()).filter(Correction::audited).isPresent();
    remove(correction.tileId());
    latest.put(correction.tileId(), drawn ? correction.asAudited() : correction);
    bytes += correction.footprint();
    return forgetBeyondLimit();
  }

  /** Forgets what is known of a tile: its latest verdict is not to be learned from. */
  void remove(String tileId) {
    Correction old = latest.remove(tileId);
    if (old != null) {
      bytes -= old.footprint();
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

  /** Returns the number of verdicts. */
  int size() {
    return latest.size();
  }

  /** Counts the verdicts that a condition holds for. */
  Waiting count(Predicate<Correction> condition) {
    int count = 0;
    Instant oldest = Instant.MAX;
    for (Correction correction : latest.values()) {
      if (condition.test(correction)) {
        count++;
        oldest = correction.publishedAt().isBefore(oldest) ? correction.publishedAt() : oldest;
      }
    }
    return new Waiting(count, oldest);
  }

  /**
   * Verdicts that wait.
   *
   * @param count how many
   * @param oldest when the first of them was published; {@link Instant#MAX} where none waits
   */
  record Waiting(int count, Instant oldest) {}

  /** Returns the verdict on a tile. */
  Optional<Correction> find(String tileId) {
    return Optional.ofNullable(latest.get(tileId));
  }

  /** Returns about how many bytes they take in memory. */
  long bytes() {
    return bytes;
  }

  private List<Correction> forgetBeyondLimit() {
    List<Correction> forgotten = new ArrayList<>();
    Iterator<Correction> oldest = latest.values().iterator();
    while (bytes > maxBytes && latest.size() > 1) {
      Correction correction = oldest.next();
      oldest.remove();
      bytes -= correction.footprint();
      forgotten.add(correction);
    }
    return forgotten;
  }
}
