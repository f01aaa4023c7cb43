package io.histoflow.review.overview;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * How tiles came through inference in the last hour, as far as this service has watched; bounded.
 * Safe for use by several threads.
 */
public final class FlowHistory {
  private static final Duration KEPT = Duration.ofHours(1);
  private static final int MOST = 1_000;

  private final Deque<Moment> moments = new ArrayDeque<>();

  /**
   * A moment.
   *
   * @param at when
   * @param taken tiles that workers have taken up by then, as offsets count them
   * @param waiting tiles that waited
   * @param deadLetters dead letters by then, as offsets count them
   */
  public record Moment(Instant at, long taken, long waiting, long deadLetters) {}

  synchronized void add(Instant at, long taken, long waiting, long deadLetters) {
    moments.addLast(new Moment(at, taken, waiting, deadLetters));
    while (moments.size() > MOST || moments.getFirst().at.isBefore(at.minus(KEPT))) {
      moments.removeFirst();
    }
  }

  /** Returns the moments, the oldest first. */
  public synchronized List<Moment> moments() {
    return new ArrayList<>(moments);
  }
}
