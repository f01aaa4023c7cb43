package io.histoflow.studies.cost;

import java.util.Arrays;

/**
 * How fast a model ran.
 *
 * @param imagesPerSecond tiles a second in batches
 * @param medianMillis time of one tile alone that half of the runs stayed within, milliseconds
 * @param p95Millis time of one tile alone that 95 % of the runs stayed within, milliseconds
 * @param peakMemoryMegabytes most memory that the process held, in millions of bytes; NaN where the
 *     system does not tell
 */
public record Speed(
    double imagesPerSecond, double medianMillis, double p95Millis, double peakMemoryMegabytes) {

  /**
   * Sums up times.
   *
   * @param batchNanos times of batches, at least one
   * @param batch tiles in a batch
   * @param singleNanos times of single tiles, at least one
   */
  static Speed of(long[] batchNanos, int batch, long[] singleNanos, double peakMemoryMegabytes) {
    double seconds = Arrays.stream(batchNanos).sum() / 1e9;
    return new Speed(
        batchNanos.length * batch / seconds,
        percentileMillis(singleNanos, 50),
        percentileMillis(singleNanos, 95),
        peakMemoryMegabytes);
  }

  /** By nearest rank: the smallest time that at least that share of all does not exceed. */
  private static double percentileMillis(long[] nanos, int percent) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    int rank = Math.max(1, (int) Math.ceil(percent / 100.0 * sorted.length));
    return sorted[rank - 1] / 1e6;
  }
}
