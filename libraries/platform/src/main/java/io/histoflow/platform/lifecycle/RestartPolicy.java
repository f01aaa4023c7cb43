package io.histoflow.platform.lifecycle;

import java.time.Duration;

/**
 * When a part that died is started again; it always is.
 *
 * @param firstDelay how long to wait after the first death; doubled for each death that follows
 *     before the part has lived for {@code stableAfter}
 * @param maxDelay the longest wait, and the wait where the part refused its configuration
 * @param stableAfter how long a part lives before its death counts as the first again
 */
public record RestartPolicy(Duration firstDelay, Duration maxDelay, Duration stableAfter) {
  /** 0.5 s doubling up to 30 s; stable after a minute. */
  public static final RestartPolicy DEFAULT =
      new RestartPolicy(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofMinutes(1));

  /**
   * Returns how long to wait.
   *
   * @param deaths how many deaths there were in a row, 1 or more
   */
  Duration delay(int deaths) {
    Duration delay = firstDelay;
    for (int i = 1; i < deaths && delay.compareTo(maxDelay) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    return delay.compareTo(maxDelay) < 0 ? delay : maxDelay;
  }
}
