package io.histoflow.inference;

/**
 * What is known of the records of a partition that were in work when a worker's process ended: one
 * of them may have ended it. Where they were many they are worked on a few at a time, which costs
 * next to nothing and leaves a few should it happen again. Few are worked on one at a time, and
 * each attempt is marked before it begins; what was alone in work when {@value #DEATHS} processes
 * ended is not tried again. Processes that end for other reasons seldom do so twice in a row over
 * the same record, and any answer starts the count anew.
 *
 * <p>Belongs to one thread.
 */
final class PartitionCare {

  /** So many processes must have ended with the same record alone in work. */
  static final int DEATHS = 2;

  /** So many records are in work at a time where more are suspect. */
  static final int FEW = 16;

  private final long end;
  private final boolean alone;
  private long next;
  private int suspects;
  private int attempts;
  private boolean begun;

  private PartitionCare(long next, long end, int suspects, boolean alone, int attempts) {
    this.alone = alone;
    this.next = next;
    this.end = end;
    this.suspects = suspects;
    this.attempts = attempts;
  }

  /**
   * Takes a partition over.
   *
   * @param mark what was left beside the committed offset
   * @param next the committed offset
   * @param end the offset before which the partition ends now: nothing later was in work
   */
  static PartitionCare takenOver(WorkMark mark, long next, long end) {
    boolean alone = mark.alone() || mark.atMost() <= FEW;
    return new PartitionCare(next, end, mark.atMost(), alone, mark.attempts());
  }

  /** Returns the offset before which everything is answered. */
  long next() {
    return next;
  }

  /** Returns the offset before which nothing else is suspect. */
  long end() {
    return end;
  }

  /** Says whether the next record is to be worked on alone. */
  boolean isCareful() {
    return alone && suspects > 0 && next < end;
  }

  /** Says whether few records may be in work at a time. */
  boolean isWary() {
    return !alone && suspects > 0 && next < end;
  }

  /** Returns how many processes ended with the next record alone in work. */
  int deaths() {
    return begun ? attempts - 1 : attempts;
  }

  /** Says whether the next record is in work, as the mark beside the offset says. */
  boolean hasBegun() {
    return begun;
  }

  /** Returns the mark to commit before the next record is worked on. */
  WorkMark attempt() {
    return WorkMark.alone(suspects, attempts + 1);
  }

  /** Notes that this mark is committed. */
  void begun() {
    attempts++;
    begun = true;
  }

  /** Returns the mark to commit with an answer, after which the next record is not yet in work. */
  WorkMark markAfter(long following, WorkMark usual) {
    if (suspects <= 1 || following >= end) {
      return usual;
    }
    return alone ? WorkMark.alone(suspects - 1, 0) : WorkMark.working(FEW);
  }

  /** Notes that everything before an offset is answered. */
  void answered(long following) {
    next = following;
    attempts = 0;
    begun = false;
    suspects = Math.max(0, suspects - 1);
  }

  /** Notes that the records that may have ended a process are no more. */
  void nothingLeft() {
    suspects = 0;
  }

  /** Notes where the partition stands after a transaction of which nobody knew how it ended. */
  void standsAt(long committed) {
    if (committed != next) {
      next = committed;
      attempts = 0;
      begun = false;
    }
  }

  /** Returns the mark of a partition that is left in order: an attempt that was cut off is none. */
  WorkMark leaving() {
    if (isWary()) {
      return WorkMark.working(suspects);
    }
    return isCareful() ? WorkMark.alone(suspects, deaths()) : WorkMark.none();
  }
}
