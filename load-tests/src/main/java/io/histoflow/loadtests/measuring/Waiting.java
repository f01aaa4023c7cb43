package io.histoflow.loadtests.measuring;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions that nothing announces. */
public final class Waiting {
  private static final Duration STEP = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private Waiting() {}

  /**
   * Waits until a condition holds.
   *
   * @param what is waited for, for people
   * @throws BenchException where it does not hold within 5 minutes, or the thread is interrupted
   */
  public static void until(String what, BooleanSupplier condition) {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        throw new BenchException(
            "Waited " + PATIENCE.toMinutes() + " minutes in vain for " + what + ".");
      }
      LockSupport.parkNanos(STEP.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw new BenchException("The bench was interrupted.");
      }
    }
  }
}
