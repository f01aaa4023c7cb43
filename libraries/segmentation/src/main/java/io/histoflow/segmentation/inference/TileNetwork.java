package io.histoflow.segmentation.inference;

import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.util.List;

/**
 * What an inference worker runs: a network with its weights. {@link Segmenter} is the real one;
 * where the cost of everything around it is measured, one that takes a fixed time takes its place.
 */
public interface TileNetwork extends TileSegmenter, AutoCloseable {

  /**
   * Segments tiles of any sizes.
   *
   * @return one segmentation per input, in the same order
   */
  List<Segmentation> segment(List<SegmentationInput> inputs);

  /** Returns the weights. */
  Checkpoint checkpoint();

  @Override
  void close();
}
