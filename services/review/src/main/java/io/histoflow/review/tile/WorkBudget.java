package io.histoflow.review.tile;

import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory that tiles, masks and verdicts in work may take together. Each piece of work takes its
 * share before it allocates anything, and waits a moment where there is none. Safe for use by
 * several threads; who holds a share takes no second one.
 */
public final class WorkBudget {
  /** What to do about work that does not fit, the end of a sentence. */
  public static final String ADVICE =
      "give it a larger heap, or raise histoflow.review.work.bytes.";

  private static final int UNIT = 64 << 10;
  private static final long LONGEST_SECONDS = 10;

  private final int units;
  private final Semaphore free;

  /**
   * Begins with everything free.
   *
   * @param bytes most bytes, 64 KiB or more; half the heap where that is less
   */
  public WorkBudget(long bytes) {
    long most = Math.min(bytes, Runtime.getRuntime().maxMemory() / 2);
    this.units = Math.toIntExact(Math.max(1, most / UNIT));
    this.free = new Semaphore(units, true);
  }

  /** Returns how many bytes there are in all. */
  public long bytes() {
    return (long) units * UNIT;
  }

  /** Tells whether a piece of work is no larger than all there is. */
  public boolean fits(long bytes) {
    return units(bytes) <= units;
  }

  /**
   * Waits for a share.
   *
   * @param bytes what the work allocates at most; with more than there is it is done alone
   * @throws RefusedException where there was none in time
   */
  public Share take(long bytes) throws RefusedException {
    int wanted = (int) Math.min(units, units(bytes));
    boolean taken = false;
    try {
      taken = free.tryAcquire(wanted, LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!taken) {
      throw new RefusedException(
          Reason.BUSY, "The service is busy with other tiles: try again in a moment.");
    }
    return () -> free.release(wanted);
  }

  private static long units(long bytes) {
    return (bytes + UNIT - 1) / UNIT;
  }

  /** A share of the budget; to be closed once. */
  public interface Share extends AutoCloseable {
    @Override
    void close();
  }
}
