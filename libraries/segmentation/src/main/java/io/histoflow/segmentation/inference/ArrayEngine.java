package io.histoflow.segmentation.inference;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.model.InputTensor;
import io.histoflow.segmentation.model.Network;
import io.histoflow.segmentation.model.TensorRuntime;
import io.histoflow.segmentation.model.Weights;
import java.nio.ByteBuffer;
import java.util.List;

/** Runs any architecture's network as it trains, operation by operation in fp32. */
final class ArrayEngine implements NetworkEngine {

  private final Architecture config;
  private final NDManager manager;
  private final Network network;

  /** Copies the weights to the device. */
  ArrayEngine(Weights weights, Device device) {
    config = weights.config();
    manager = TensorRuntime.newManager(device);
    network = config.open(weights, manager, group -> false);
  }

  @Override
  public float[] probabilities(ByteBuffer pixels, int n, int h, int w, List<Integer> organs) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray images = InputTensor.image(scope, config.inputColour(), pixels, n, h, w);
      NDArray oneHot = InputTensor.organs(scope, config, organs);
      return Activation.sigmoid(network.forward(images, oneHot, false).head()).toFloatArray();
    }
  }

  @Override
  public int liveArrays() {
    return manager.getManagedArrays().size();
  }

  @Override
  public void close() {
    manager.close();
  }
}
