package io.histoflow.finetuning;

import java.time.Duration;
import java.time.Instant;

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
  boolean isDue(CorrectionStore.Waiting waiting, Instant now) {
    return waiting.count() >= enough
        || (waiting.count() >= few && !waiting.oldest().isAfter(now.minus(longestWait)));
  }
}
