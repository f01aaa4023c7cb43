package io.histoflow.inference;

import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.TileNetwork;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Finds how many tiles should go through a network at a time: the smallest number with which it is
 * as fast as it gets, for every further tile only makes the others wait. Nor is a batch tried that
 * would take longer than a quarter of a second.
 */
public final class BatchSizing {

  /** As a batch size: find it by measurement. */
  public static final int MEASURED = 0;

  /** The largest batch that is tried. */
  static final int LARGEST = 64;

  /** Less than this is no gain, but noise. */
  private static final double GAIN = 1.05;

  private static final int EDGE = 256;
  private static final int RUNS = 3;

  /** Runs of one size end after so long. */
  private static final long ENOUGH_NANOS = 100_000_000;

  /** Half of the longest batch: the next one has twice as many tiles. */
  private static final long LONGEST_NANOS = 125_000_000;

  private final LongSupplier nanoTime;
  private final int units;

  private BatchSizing(LongSupplier nanoTime, int units) {
    this.nanoTime = nanoTime;
    this.units = units;
  }

  /** Returns the size for batches of tiles of 256 x 256 pixels, 1 to {@value #LARGEST}. */
  public static int measure(TileNetwork network) {
    return measure(network, System::nanoTime, Runtime.getRuntime().availableProcessors());
  }

  /**
   * As {@link #measure(TileNetwork)}, by a clock.
   *
   * @param nanoTime a clock as {@link System#nanoTime}
   * @param units how many tiles may be computed at a time: so many are tried, however long it takes
   */
  static int measure(TileNetwork network, LongSupplier nanoTime, int units) {
    return new BatchSizing(nanoTime, units).fastest(network);
  }

  /** Doubles the size as long as that makes the network faster; one that does not may be noise. */
  private int fastest(TileNetwork network) {
    int best = 1;
    long bestNanos = nanos(network, 1);
    long nanos = bestNanos;
    for (int size = 2; size <= Math.min(LARGEST, 4 * best); size *= 2) {
      if (size > units && nanos > LONGEST_NANOS) {
        break;
      }
      nanos = nanos(network, size);
      if ((double) size / nanos > GAIN * best / bestNanos) {
        best = size;
        bestNanos = nanos;
      }
    }
    return best;
  }

  /** Returns the time of the best of a few runs; the first, which costs extra, does not count. */
  private long nanos(TileNetwork network, int size) {
    List<SegmentationInput> batch = Collections.nCopies(size, LiveModel.blank(EDGE, EDGE));
    network.segment(batch);
    long best = Long.MAX_VALUE;
    long begin = nanoTime.getAsLong();
    long at = begin;
    for (int run = 0; run < RUNS && at - begin < ENOUGH_NANOS; run++) {
      network.segment(batch);
      long end = nanoTime.getAsLong();
      best = Math.min(best, end - at);
      at = end;
    }
    return Math.max(1, best);
  }
}
