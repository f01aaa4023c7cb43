package io.histoflow.segmentation.model;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * The organs' learnable embeddings.
 *
 * <p>Input: one-hot rows (N, organs). Output: embeddings (N, d).
 */
final class OrganEmbedding extends AbstractBlock {

  private final int size;
  private final Parameter weight;

  OrganEmbedding(int organs, int size) {
    this.size = size;
    weight =
        addParameter(
            Parameter.builder()
                .setName("weight")
                .setType(Parameter.Type.WEIGHT)
                .optShape(new Shape(organs, size))
                .build());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    var oneHot = inputs.singletonOrThrow();
    return new NDList(oneHot.matMul(store.getValue(weight, oneHot.getDevice(), training)));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), size)};
  }
}
