package io.histoflow.recall;

/**
 * What was found and missed, in pixels or in objects.
 *
 * @param found of the truth, and found
 * @param missed of the truth, and not found
 * @param wrong found, and not of the truth
 */
public record Counts(long found, long missed, long wrong) {
  /** Nothing to find, and nothing found. */
  public static final Counts NONE = new Counts(0, 0, 0);

  /** Returns the sum of both. */
  public Counts plus(Counts other) {
    return new Counts(found + other.found, missed + other.missed, wrong + other.wrong);
  }

  /** Returns what remains without the other. */
  public Counts minus(Counts other) {
    return new Counts(found - other.found, missed - other.missed, wrong - other.wrong);
  }

  /** Returns what there was to find. */
  public long truth() {
    return found + missed;
  }
}
