package io.histoflow.review.http;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The bytes of all requests' bodies that are held at a time. Where there is no room, the oldest
 * body that is still arriving gives way: bodies that hurry are gone before they are the oldest.
 * Safe for use by several threads.
 */
final class UploadBudget {
  /** A body that has been arriving for less than this does not give way. */
  private static final long YOUNG_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final long most;
  private final Set<Share> arriving = new LinkedHashSet<>();
  private long held;

  /**
   * @param most most bytes that are held
   */
  UploadBudget(long most) {
    this.most = most;
  }

  /**
   * Begins to hold a body.
   *
   * @param givingWay called, once at most, where it has to give way; what it held is given up then
   */
  synchronized Share open(Runnable givingWay) {
    Share share = new Share(givingWay);
    arriving.add(share);
    return share;
  }

  long mostBytes() {
    return most;
  }

  synchronized long heldBytes() {
    return held;
  }

  /** What one body holds. */
  final class Share implements AutoCloseable {
    private final Runnable givingWay;
    private final long began = System.nanoTime();
    private long bytes;
    private boolean ended;

    private Share(Runnable givingWay) {
      this.givingWay = givingWay;
    }

    /**
     * Asks for more room.
     *
     * @return whether there is; where not, and after giving way, the body cannot be taken
     */
    boolean grow(long more) {
      synchronized (UploadBudget.this) {
        Optional<Share> oldest = oldest();
        while (!ended && held + more > most && oldest.isPresent()) {
          oldest.get().close();
          oldest.get().givingWay.run();
          oldest = oldest();
        }
        if (ended || held + more > most) {
          return false;
        }
        bytes += more;
        held += more;
        return true;
      }
    }

    /** The body is there: it gives way to no other any more. */
    void arrived() {
      synchronized (UploadBudget.this) {
        arriving.remove(this);
      }
    }

    @Override
    public void close() {
      synchronized (UploadBudget.this) {
        ended = true;
        arriving.remove(this);
        held -= bytes;
        bytes = 0;
      }
    }

    private Optional<Share> oldest() {
      long now = System.nanoTime();
      return arriving.stream()
          .filter(other -> other != this && other.bytes > 0 && now - other.began > YOUNG_NANOS)
          .findFirst();
    }
  }
}
