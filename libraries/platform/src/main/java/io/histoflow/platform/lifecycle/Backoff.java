package io.histoflow.platform.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * How long to wait after each failure of one part, as its {@link RestartPolicy} says. Safe for use
 * by several threads.
 */
public final class Backoff {
  private final RestartPolicy policy;
  private final InstantSource clock;
  private Instant startedAt;
  private int failures;

  /** Begins with a part that starts now. */
  public Backoff(RestartPolicy policy, InstantSource clock) {
    this.policy = policy;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  /** Takes note of a failure and returns how long to wait before the part is started again. */
  public synchronized Duration afterFailure() {
    Instant now = clock.instant();
    boolean wasStable = !now.isBefore(startedAt.plus(policy.stableAfter()));
    failures = wasStable ? 1 : failures + 1;
    Duration delay = policy.delay(failures);
    startedAt = now.plus(delay);
    return delay;
  }
}
