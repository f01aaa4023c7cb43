package io.histoflow.loadtests.scaling;

import io.histoflow.imaging.RgbImage;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.TileNetwork;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A device of its own that needs the same time for every tile and no CPU: with it in the network's
 * place, workers share nothing but what scale-out is about. It finds nothing on any tile. Its first
 * batch is the worker's own, to get ready, and does not count.
 */
final class FixedTimeNetwork implements TileNetwork {
  private static final long NOT_YET = Long.MIN_VALUE;

  private final Checkpoint checkpoint;
  private final long nanosPerTile;
  private final AtomicLong tiles = new AtomicLong();
  private final AtomicLong firstAt = new AtomicLong(NOT_YET);
  private volatile boolean ready;

  /**
   * @param checkpoint whose results these are said to be
   * @param perTile the device's time for one tile
   */
  FixedTimeNetwork(Checkpoint checkpoint, Duration perTile) {
    this.checkpoint = checkpoint;
    this.nanosPerTile = perTile.toNanos();
  }

  /** Returns the number of tiles so far. */
  long tiles() {
    return tiles.get();
  }

  /** Returns the {@link System#nanoTime} at which the first batch of tiles was done. */
  OptionalLong firstAt() {
    long at = firstAt.get();
    return at == NOT_YET ? OptionalLong.empty() : OptionalLong.of(at);
  }

  @Override
  public List<Segmentation> segment(List<SegmentationInput> inputs) {
    take(inputs.size());
    return inputs.stream()
        .map(
            input ->
                Segmentation.nothing(
                    input.image().width(),
                    input.image().height(),
                    checkpoint.maskThreshold(input.organ()),
                    input.organ()))
        .toList();
  }

  @Override
  public float[] probabilities(RgbImage image, String organ) {
    return new float[image.width() * image.height()];
  }

  @Override
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  @Override
  public void close() {}

  private void take(int count) {
    long end = System.nanoTime() + count * nanosPerTile;
    for (long left = count * nanosPerTile; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
      if (Thread.currentThread().isInterrupted()) {
        throw new BenchException("The bench was interrupted.");
      }
    }
    if (ready) {
      tiles.addAndGet(count);
      firstAt.compareAndSet(NOT_YET, System.nanoTime());
    }
    ready = true;
  }
}
