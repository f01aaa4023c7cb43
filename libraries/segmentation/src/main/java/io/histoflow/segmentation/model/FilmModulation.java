package io.histoflow.segmentation.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * Feature-wise linear modulation by the organ (Perez et al., 2018), as ClinSegNet has it: per
 * channel {@code gamma = sigmoid(Wg e + bg)} and {@code beta = Wb e + bb}.
 *
 * <p>Input: embeddings (N, d). Output: gamma (N, C) in 0..1 and beta (N, C).
 */
final class FilmModulation extends AbstractBlock {

  private final long channels;
  private final Linear gamma;
  private final Linear beta;

  FilmModulation(int channels) {
    this.channels = channels;
    gamma = addChildBlock("gamma", Linear.builder().setUnits(channels).build());
    beta = addChildBlock("beta", Linear.builder().setUnits(channels).build());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    NDArray scale = Activation.sigmoid(gamma.forward(store, inputs, training).head());
    return new NDList(scale, beta.forward(store, inputs, training).head());
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape perChannel = new Shape(inputs[0].get(0), channels);
    return new Shape[] {perChannel, perChannel};
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    gamma.initialize(manager, type, inputs[0]);
    beta.initialize(manager, type, inputs[0]);
  }
}
