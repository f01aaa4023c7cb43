package io.histoflow.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.histoflow.segmentation.model.Network;

/**
 * What a network's first stage says of images as long as it stands still: the same for all organs,
 * so that all passes over the images share it.
 */
final class FrozenStem implements AutoCloseable {

  private final NDManager manager;
  private final NDList maps;

  /**
   * Computes it.
   *
   * @param network for fine-tuning, its encoder frozen
   * @param images (N, C, H, W)
   * @param parent holds the maps until this is closed
   */
  FrozenStem(Network network, NDArray images, NDManager parent) {
    manager = parent.newSubManager();
    maps = network.stem(images, false);
    maps.attach(manager);
  }

  /** Returns the maps for one pass: what is computed from them is freed with the manager. */
  NDList in(NDManager pass) {
    NDList views = new NDList(maps.stream().map(NDArray::stopGradient).toList());
    views.attach(pass);
    return views;
  }

  @Override
  public void close() {
    manager.close();
  }
}
