package io.histoflow.inference;

import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.TileNetwork;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Finds how many tiles should go through a network at a time: the smallest number with which it is
 * as fast as it gets, for every further tile only makes the others wait.
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
  private static final long LONGEST_NANOS = 300_000_000;

  private final LongSupplier nanoTime;

  private BatchSizing(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Returns the size for batches of tiles of 256 x 256 pixels, 1 to {@value #LARGEST}. */
  public static int measure(TileNetwork network) {
    return measure(network, System::nanoTime);
  }

  /**
   * As {@link #measure(TileNetwork)}, by a clock.
   *
   * @param nanoTime a clock as {@link System#nanoTime}
   */
  static int measure(TileNetwork network, LongSupplier nanoTime) {
    return new BatchSizing(nanoTime).fastest(network);
  }

  /** Doubles the size as long as that makes the network faster; one that does not may be noise. */
  private int fastest(TileNetwork network) {
    int best = 1;
    double bestRate = rate(network, 1);
    for (int size = 2; size <= Math.min(LARGEST, 4 * best); size *= 2) {
      double rate = rate(network, size);
      if (rate > GAIN * bestRate) {
        best = size;
        bestRate = rate;
      }
    }
    return best;
  }

  /**
   * Tiles per nanosecond in the best of a few runs; the first, which costs extra, does not count.
   */
  private double rate(TileNetwork network, int size) {
    List<SegmentationInput> batch = Collections.nCopies(size, white());
    network.segment(batch);
    long best = Long.MAX_VALUE;
    long begin = nanoTime.getAsLong();
    long at = begin;
    for (int run = 0; run < RUNS && at - begin < LONGEST_NANOS; run++) {
      network.segment(batch);
      long end = nanoTime.getAsLong();
      best = Math.min(best, end - at);
      at = end;
    }
    return (double) size / Math.max(1, best);
  }

  private static SegmentationInput white() {
    byte[] white = new byte[EDGE * EDGE * 3];
    Arrays.fill(white, (byte) 0xFF);
    return new SegmentationInput(RgbImage.of(EDGE, EDGE, white), ScannedTile.UNKNOWN_ORGAN);
  }
}
