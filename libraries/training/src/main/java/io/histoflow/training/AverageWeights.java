package io.histoflow.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.histoflow.segmentation.model.ParameterCatalogue;
import io.histoflow.segmentation.model.ParameterSpec;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.model.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The exponential moving average of a network's parameters and buffers: {@code a = d a + (1 - d)
 * w}. Early on the decay is {@code (1 + t) / (10 + t)}, so that the first random weights are soon
 * forgotten. Parameters that do not move are left out: averaging would round them.
 */
final class AverageWeights implements AutoCloseable {

  private final double decay;
  private final NDManager manager;
  private final Map<String, NDArray> averages = new LinkedHashMap<>();
  private final Map<String, NDArray> parameters;
  private final Weights start;

  /**
   * Begins with the weights that training starts from.
   *
   * @param moving which parameters and buffers training changes
   */
  AverageWeights(
      NDManager parent,
      Map<String, NDArray> parameters,
      Predicate<ParameterSpec> moving,
      Weights start,
      double decay) {
    this.start = start;
    this.decay = decay;
    this.parameters = parameters;
    manager = parent.newSubManager();
    for (ParameterSpec spec : ParameterCatalogue.of(start.config()).all()) {
      if (moving.test(spec)) {
        String name = spec.name();
        averages.put(name, manager.create(start.values(name), parameters.get(name).getShape()));
      }
    }
  }

  /** Takes in the parameters' present values after step t, counted from 1. */
  void update(long t) {
    double d = Math.min(decay, (1.0 + t) / (10.0 + t));
    averages.forEach(
        (name, average) -> {
          // In this form what did not move stays as it is, bit by bit.
          try (NDArray difference = parameters.get(name).sub(average)) {
            average.addi(difference.muli(1 - d));
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

  /** Returns a copy of the averages, with what does not move as it was in the beginning. */
  Weights weights() {
    return start.map(
        (spec, tensor) ->
            averages.containsKey(spec.name())
                ? new WeightTensor(spec.shape(), averages.get(spec.name()).toFloatArray())
                : tensor);
  }

  @Override
  public void close() {
    manager.close();
  }
}
