package io.histoflow.segmentation.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;

/** All parameters and buffers of a network on the Java heap, complete and of the right shapes. */
public final class Weights {

  private final Architecture config;
  private final Map<String, WeightTensor> tensors;

  /**
   * Takes over the tensors of a network.
   *
   * @throws IllegalArgumentException if one is missing, too many or of the wrong shape; the message
   *     names it
   */
  public Weights(Architecture config, Map<String, WeightTensor> tensors) {
    this.config = config;
    ParameterCatalogue catalogue = ParameterCatalogue.of(config);
    Map<String, WeightTensor> ordered = new LinkedHashMap<>();
    for (ParameterSpec spec : catalogue.all()) {
      WeightTensor tensor = tensors.get(spec.name());
      if (tensor == null) {
        throw new IllegalArgumentException("tensor '" + spec.name() + "' is missing");
      }
      if (!tensor.shape().equals(spec.shape())) {
        throw new IllegalArgumentException(
            "tensor '%s' has shape %s, the network needs %s"
                .formatted(spec.name(), tensor.shape(), spec.shape()));
      }
      ordered.put(spec.name(), tensor);
    }
    for (String name : tensors.keySet()) {
      if (catalogue.find(name) == null) {
        throw new IllegalArgumentException("tensor '" + name + "' is none of the network's");
      }
    }
    this.tensors = Collections.unmodifiableMap(ordered);
  }

  /** Draws the weights of an untrained network: the same ones for the same seed, everywhere. */
  public static Weights initial(Architecture config, long seed) {
    Random random = new Random(seed);
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (ParameterSpec spec : ParameterCatalogue.of(config).all()) {
      float[] values = new float[spec.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            switch (spec.kind()) {
              case HE_NORMAL -> (float) (random.nextGaussian() * Math.sqrt(2.0 / spec.fanIn()));
              case LECUN_NORMAL -> (float) (random.nextGaussian() * Math.sqrt(1.0 / spec.fanIn()));
              case EMBEDDING -> (float) (random.nextGaussian() * 0.25);
              case ZERO -> 0f;
              case ONE -> 1f;
              case OPEN_GATE -> 2f;
            };
      }
      tensors.put(spec.name(), new WeightTensor(spec.shape(), values));
    }
    return new Weights(config, tensors);
  }

  /** Returns what kind of network they are of. */
  public Architecture config() {
    return config;
  }

  /** Returns all tensors by name, in the order of the forward pass. */
  public Map<String, WeightTensor> tensors() {
    return tensors;
  }

  /** Returns the values of the tensor: a view that nobody may change. */
  public float[] values(String name) {
    return tensors.get(name).values();
  }

  /** Returns weights with every tensor replaced by what the function makes of it. */
  public Weights map(BiFunction<ParameterSpec, WeightTensor, WeightTensor> function) {
    ParameterCatalogue catalogue = ParameterCatalogue.of(config);
    Map<String, WeightTensor> mapped = new LinkedHashMap<>();
    tensors.forEach((name, t) -> mapped.put(name, function.apply(catalogue.find(name), t)));
    return new Weights(config, mapped);
  }
}
