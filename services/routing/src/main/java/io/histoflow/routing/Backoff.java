package io.histoflow.routing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * How long to wait after a failure: a second, then twice as long each time, up to {@value
 * #MOST_SECONDS} s; after a quiet minute a second again. Safe for use by several threads.
 */
final class Backoff {
  private static final long MOST_SECONDS = 15;
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final InstantSource clock;
  private Instant last = Instant.MIN;
  private long seconds;

  Backoff(InstantSource clock) {
    this.clock = clock;
  }

  /** Takes note of a failure and returns how long to wait. */
  synchronized Duration afterFailure() {
    Instant now = clock.instant();
    boolean again = now.isBefore(last.plus(QUIET));
    seconds = again ? Math.min(MOST_SECONDS, 2 * seconds) : 1;
    last = now.plusSeconds(seconds);
    return Duration.ofSeconds(seconds);
  }
}
