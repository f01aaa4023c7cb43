package io.histoflow.platform.lifecycle;

import java.time.Duration;

/** Counts how often one part died in a row, for its {@link RestartPolicy}. One thread's. */
final class DeathCount {
  private final RestartPolicy policy;
  private long bornAtNanos = System.nanoTime();
  private int inARow;

  DeathCount(RestartPolicy policy) {
    this.policy = policy;
  }

  /** The part was started. */
  void born() {
    bornAtNanos = System.nanoTime();
  }

  /** The part died; returns how long to wait before it is started again. */
  Duration died() {
    boolean wasStable = System.nanoTime() - bornAtNanos >= policy.stableAfter().toNanos();
    inARow = wasStable ? 1 : inARow + 1;
    return policy.delay(inARow);
  }
}
