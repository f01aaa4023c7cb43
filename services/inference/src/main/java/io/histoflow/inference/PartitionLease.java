package io.histoflow.inference;

/**
 * One stay of a partition with this worker. Work that was begun under a lease counts only while the
 * lease is held: it ends when the partition goes to another worker, and when the worker returns to
 * the committed offset after a failed transaction.
 */
final class PartitionLease {
  private volatile boolean held = true;

  /** Tells whether work under this lease still counts. */
  boolean isHeld() {
    return held;
  }

  /** Ends the lease for good. */
  void end() {
    held = false;
  }
}
