package io.histoflow.segmentation.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.ParameterCatalogue;
import io.histoflow.segmentation.model.ParameterSpec;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.model.Weights;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The exponential moving average of a network's parameters and buffers: {@code a = d a + (1 - d)
 * w}. Early on the decay is {@code (1 + t) / (10 + t)}, so that the first random weights are soon
 * forgotten.
 */
final class AverageWeights implements AutoCloseable {

  private final ClinSegNetConfig config;
  private final double decay;
  private final NDManager manager;
  private final Map<String, NDArray> averages = new LinkedHashMap<>();
  private final Map<String, Parameter> parameters;

  AverageWeights(
      NDManager parent,
      ClinSegNetConfig config,
      Map<String, Parameter> parameters,
      Weights start,
      double decay) {
    this.config = config;
    this.decay = decay;
    this.parameters = parameters;
    manager = parent.newSubManager();
    parameters.forEach(
        (name, parameter) ->
            averages.put(
                name, manager.create(start.values(name), parameter.getArray().getShape())));
  }

  /** Takes in the parameters' present values after step t, counted from 1. */
  void update(long t) {
    double d = Math.min(decay, (1.0 + t) / (10.0 + t));
    averages.forEach(
        (name, average) -> {
          try (NDArray share = parameters.get(name).getArray().mul(1 - d)) {
            average.muli(d).addi(share);
          }
        });
  }

  /** Takes the given averages in place of its own. */
  void restore(Weights weights) {
    averages.forEach(
        (name, average) -> {
          try (NDArray source = manager.create(weights.values(name), average.getShape())) {
            source.copyTo(average);
          }
        });
  }

  /** Returns a copy of the averages. */
  Weights weights() {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (ParameterSpec spec : ParameterCatalogue.of(config).all()) {
      tensors.put(
          spec.name(), new WeightTensor(spec.shape(), averages.get(spec.name()).toFloatArray()));
    }
    return new Weights(config, tensors);
  }

  @Override
  public void close() {
    manager.close();
  }
}
