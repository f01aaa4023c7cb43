package io.histoflow.segmentation.inference;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.InputTensor;
import io.histoflow.segmentation.model.TensorRuntime;
import java.nio.ByteBuffer;
import java.util.List;

/** Runs a batch as one tensor, in fp32 or fp16: what keeps a GPU busy. */
final class BatchEngine implements NetworkEngine {

  private final ClinSegNetConfig config;
  private final NDManager manager;
  private final FoldedNetwork network;

  /**
   * Copies the weights to the device.
   *
   * @param precision in which it computes: fp32 or fp16
   */
  BatchEngine(FoldedWeights weights, Device device, Precision precision) {
    config = weights.config();
    manager = TensorRuntime.newManager(device);
    network = new FoldedNetwork(weights, manager, type(precision));
  }

  @Override
  public float[] probabilities(ByteBuffer pixels, int n, int h, int w, List<Integer> organs) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray image = InputTensor.image(scope, config.inputColour(), pixels, n, h, w);
      NDArray oneHot = InputTensor.organs(scope, config, organs);
      return network.forward(image, oneHot).toFloatArray();
    }
  }

  private static DataType type(Precision precision) {
    return switch (precision) {
      case FP32 -> DataType.FLOAT32;
      case FP16 -> DataType.FLOAT16;
      case BF16, AUTO ->
          throw new IllegalArgumentException("batches run in fp32 or fp16, not in " + precision);
    };
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
