package io.histoflow.review.claims;

import io.histoflow.access.ReviewerName;
import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.schemas.TextRule;
import io.histoflow.schemas.TileClaim;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Who has which tile before them, as far as the topic of claims has been read: every service that
 * reads it comes to the same. Bounded; safe for use by several threads.
 */
public final class ClaimBook {
  /** Longest time that a claim lasts unless it is renewed. */
  public static final Duration LONGEST = Duration.ofDays(1);

  private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);
  private static final int MOST = 100_000;
  private static final TextRule TILE = TextRule.id("tileId");

  private final Listener listener;
  private final InstantSource clock;
  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<Integer, Long> readUpTo = new HashMap<>();

  /** Told of every change, in order. Called while the book is locked: it must not block. */
  public interface Listener {

    /** Somebody has a tile, or has it for longer. */
    void claimed(TileClaim claim);

    /** Nobody has the tile any more. */
    void released(String tileId);
  }

  /** Begins without claims. */
  public ClaimBook(Listener listener, InstantSource clock) {
    this.listener = listener;
    this.clock = clock;
  }

  /**
   * Takes the next record of a partition.
   *
   * @param tileId its key
   * @param claim its value; empty for a tombstone
   * @param position where it lies
   * @throws IllegalArgumentException where it is no claim
   */
  public synchronized void take(String tileId, Optional<TileClaim> claim, RecordPosition position) {
    readUpTo.merge(position.partition(), position.offset(), Math::max);
    notifyAll();
    Optional<Entry> known = Optional.ofNullable(entries.get(tileId));
    if (known.filter(entry -> entry.position().offset() >= position.offset()).isPresent()) {
      // Read once more from the beginning.
      return;
    }
    if (claim.isEmpty()) {
      if (entries.remove(tileId) != null) {
        listener.released(tileId);
      }
      return;
    }
    TileClaim taken = claim.get();
    require(tileId, taken);
    if (known.isEmpty() && entries.size() >= MOST) {
      return;
    }
    if (known.filter(entry -> keepsOut(entry.claim(), taken)).isEmpty()) {
      entries.put(tileId, new Entry(taken, position));
      if (!isOver(taken)) {
        listener.claimed(taken);
      }
    }
  }

  /** Returns who has a tile now. */
  public synchronized Optional<TileClaim> find(String tileId) {
    return written(tileId).filter(claim -> !isOver(claim));
  }

  /** Returns what the topic says of a tile, be its time over or not. */
  public synchronized Optional<TileClaim> written(String tileId) {
    return Optional.ofNullable(entries.get(tileId)).map(Entry::claim);
  }

  /** Returns how many tiles somebody has now. */
  public synchronized long heldBy(String reviewer) {
    return entries.values().stream()
        .map(Entry::claim)
        .filter(claim -> claim.getReviewer().equals(reviewer) && !isOver(claim))
        .count();
  }

  /** Returns the tiles that somebody has now. */
  public synchronized Set<String> tilesOf(String reviewer) {
    return entries.values().stream()
        .map(Entry::claim)
        .filter(claim -> claim.getReviewer().equals(reviewer) && !isOver(claim))
        .map(TileClaim::getTileId)
        .collect(Collectors.toSet());
  }

  /**
   * Forgets claims whose time is over.
   *
   * @return these claims, whose tombstones are still to be written
   */
  public synchronized List<TileClaim> forgetOver() {
    List<TileClaim> over = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (isOver(entry.claim())) {
        over.add(entry.claim());
      }
    }
    for (TileClaim claim : over) {
      entries.remove(claim.getTileId());
      listener.released(claim.getTileId());
    }
    return over;
  }

  /**
   * Waits until a record has been read.
   *
   * @return whether it was in time
   */
  public synchronized boolean awaitRead(RecordPosition position, Duration longest)
      throws InterruptedException {
    long deadline = System.nanoTime() + longest.toNanos();
    while (readUpTo.getOrDefault(position.partition(), -1L) < position.offset()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  /** By what stands in the two records alone, so that all who read them agree. */
  private static boolean keepsOut(TileClaim present, TileClaim other) {
    return !present.getReviewer().equals(other.getReviewer())
        && other.getRenewedAt().isBefore(present.getExpiresAt());
  }

  /** A claim from a day that is yet to come would last until then. */
  private boolean isOver(TileClaim claim) {
    Instant now = clock.instant();
    return !now.isBefore(claim.getExpiresAt())
        || claim.getExpiresAt().isAfter(now.plus(LONGEST).plus(CLOCKS_DIFFER));
  }

  private static void require(String tileId, TileClaim claim) {
    Optional<String> fault = TILE.fault(tileId).or(() -> ReviewerName.fault(claim.getReviewer()));
    if (fault.isPresent()) {
      throw new IllegalArgumentException(fault.get());
    }
    if (!claim.getTileId().equals(tileId)) {
      throw new IllegalArgumentException("The claim's key is not its tileId");
    }
    Duration lasting = Duration.between(claim.getRenewedAt(), claim.getExpiresAt());
    if (lasting.isNegative() || lasting.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "The claim lasts " + lasting + " where up to " + LONGEST + " is allowed");
    }
  }

  private record Entry(TileClaim claim, RecordPosition position) {}
}
