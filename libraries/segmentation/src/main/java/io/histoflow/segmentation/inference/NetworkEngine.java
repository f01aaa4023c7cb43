package io.histoflow.segmentation.inference;

import java.nio.ByteBuffer;
import java.util.List;

/** A loaded network. Several threads may run it at a time. */
interface NetworkEngine extends AutoCloseable {

  /**
   * Segments images of equal size.
   *
   * @param pixels direct buffer of n x h x w interleaved RGB pixels
   * @param h height in pixels, of the network's multiple
   * @param w width in pixels, of the network's multiple
   * @param organs rows of the organs' embeddings, one per image
   * @return n x h x w probabilities
   */
  float[] probabilities(ByteBuffer pixels, int n, int h, int w, List<Integer> organs);

  /** Returns the number of arrays in native memory: the same after every batch. */
  int liveArrays();

  @Override
  void close();
}
