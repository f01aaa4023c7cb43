package io.histoflow.finetuning;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * When a round is due: as soon as enough corrections wait, or when a few have waited long enough.
 *
 * @param enough corrections that start a round at once, 1 or more
 * @param few corrections that start one after the longest wait, 1..enough
 * @param longestWait how long the oldest of a few waits
 */
record RoundTrigger(int enough, int few, Duration longestWait) {

  RoundTrigger {
    if (few < 1 || few > enough) {
      throw new IllegalArgumentException(
          "A few corrections must be 1 to enough (" + enough + "), not " + few);
    }
  }

  /**
   * Tells whether a round is due.
   *
   * @param waiting corrections that no round has known
   * @param now the time
   */
  boolean isDue(List<Correction> waiting, Instant now) {
    if (waiting.size() >= enough) {
      return true;
    }
    return waiting.size() >= few
        && waiting.stream()
            .map(Correction::publishedAt)
            .min(Comparator.naturalOrder())
            .filter(oldest -> !oldest.plus(longestWait).isAfter(now))
            .isPresent();
  }
}
