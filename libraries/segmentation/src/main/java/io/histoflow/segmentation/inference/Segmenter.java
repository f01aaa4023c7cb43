package io.histoflow.segmentation.inference;

import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A model ready to segment tiles. Several threads may segment at a time; closing waits for them.
 *
 * <p>New weights mean a new segmenter: open it, switch the reference, then close the old one.
 */
public final class Segmenter implements TileNetwork {

  private final Checkpoint checkpoint;
  private final NetworkRunner runner;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private Segmenter(Checkpoint checkpoint, NetworkRunner runner) {
    this.checkpoint = checkpoint;
    this.runner = runner;
  }

  /**
   * Loads the model onto the device, to compute in fp32: for training and for figures on record.
   */
  public static Segmenter open(Checkpoint checkpoint, Compute compute) {
    return open(checkpoint, compute, Precision.FP32);
  }

  /**
   * Loads the model onto the device.
   *
   * @throws IllegalStateException where a precision is asked for that the device does not have
   */
  public static Segmenter open(Checkpoint checkpoint, Compute compute, Precision precision) {
    return new Segmenter(checkpoint, new NetworkRunner(checkpoint.weights(), compute, precision));
  }

  /**
   * Segments tiles of any sizes; tiles of equal size go through the network together.
   *
   * @return one segmentation per input, in the same order
   * @throws IllegalStateException where the segmenter was closed
   */
  @Override
  public List<Segmentation> segment(List<SegmentationInput> inputs) {
    List<float[]> probabilities = run(inputs);
    List<Segmentation> segmentations = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      RgbImage image = inputs.get(i).image();
      int organ = checkpoint.config().indexOf(inputs.get(i).organ());
      segmentations.add(
          new Segmentation(
              image.width(),
              image.height(),
              probabilities.get(i),
              checkpoint.maskThreshold(inputs.get(i).organ()),
              checkpoint.config().organs().get(organ)));
    }
    return segmentations;
  }

  @Override
  public float[] probabilities(RgbImage image, String organ) {
    return run(List.of(new SegmentationInput(image, organ))).get(0);
  }

  /** Returns the model. */
  @Override
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /** Returns in what the model computes: fp32, bf16 or fp16. */
  public Precision precision() {
    return runner.precision();
  }

  private List<float[]> run(List<SegmentationInput> inputs) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the segmenter of " + checkpoint + " was closed");
      }
      return runner.probabilities(inputs);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        runner.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
