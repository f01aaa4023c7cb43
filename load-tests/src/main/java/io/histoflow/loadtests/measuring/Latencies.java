package io.histoflow.loadtests.measuring;

import java.util.Arrays;
import java.util.Collection;

/** How long the same thing took many times. */
public final class Latencies {
  private final long[] sortedNanos;

  private Latencies(long[] sortedNanos) {
    this.sortedNanos = sortedNanos;
  }

  /**
   * Takes the times in any order.
   *
   * @param nanos nanoseconds, at least one value
   */
  public static Latencies of(Collection<Long> nanos) {
    if (nanos.isEmpty()) {
      throw new IllegalArgumentException("A percentile needs at least one value.");
    }
    long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return new Latencies(sorted);
  }

  /**
   * Returns a percentile by nearest rank: the smallest value that at least that share of all values
   * does not exceed.
   *
   * @param percent above 0, at most 100
   * @return milliseconds
   */
  public double percentileMillis(double percent) {
    int rank = (int) Math.ceil(percent / 100 * sortedNanos.length);
    return sortedNanos[Math.max(rank, 1) - 1] / 1e6;
  }
}
