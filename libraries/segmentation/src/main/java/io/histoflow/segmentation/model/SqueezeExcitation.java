package io.histoflow.segmentation.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * Squeeze-and-excitation (Hu et al., 2018): every channel is scaled by a weight in 0..1 that
 * depends on the means of all channels, {@code s = sigmoid(W2 relu(W1 mean(x) + b1) + b2)}.
 *
 * <p>Input (N, C, H, W). Output: the channels' weights (N, C), which the stage multiplies in
 * together with FiLM, so that a feature map is read and written only once.
 */
final class SqueezeExcitation extends AbstractBlock {

  private final long channels;
  private final Linear reduce;
  private final Linear expand;

  SqueezeExcitation(int channels) {
    this.channels = channels;
    reduce =
        addChildBlock(
            "reduce", Linear.builder().setUnits(ParameterCatalogue.hiddenUnits(channels)).build());
    expand = addChildBlock("expand", Linear.builder().setUnits(channels).build());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    NDArray means = Pool.globalAvgPool2d(inputs.singletonOrThrow());
    NDArray hidden = Activation.relu(reduce.forward(store, new NDList(means), training).head());
    NDArray logits = expand.forward(store, new NDList(hidden), training).head();
    return new NDList(Activation.sigmoid(logits));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), channels)};
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    long n = inputs[0].get(0);
    reduce.initialize(manager, type, new Shape(n, channels));
    expand.initialize(manager, type, new Shape(n, ParameterCatalogue.hiddenUnits((int) channels)));
  }
}
