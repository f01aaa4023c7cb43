package io.histoflow.segmentation.model;

import java.util.List;

/**
 * One parameter or buffer of the network.
 *
 * @param name stable name, for example {@code encoder.0.conv1.weight}
 * @param shape sizes, outermost first
 * @param group what it is for
 * @param kind how it starts
 */
public record ParameterSpec(String name, List<Integer> shape, ParameterGroup group, Kind kind) {

  /** How a parameter is initialised. */
  public enum Kind {
    /** Normal with variance 2 / fan-in (He), for layers followed by ReLU. */
    HE_NORMAL,
    /** Normal with variance 1 / fan-in. */
    LECUN_NORMAL,
    /** Normal with standard deviation 0.25. */
    EMBEDDING,
    /** Zeros. */
    ZERO,
    /** Ones. */
    ONE,
    /** Twos: a sigmoid of them is 0.88, so that a gate starts nearly open. */
    OPEN_GATE
  }

  /** Copies the shape. */
  public ParameterSpec {
    shape = List.copyOf(shape);
  }

  /** Returns the number of values. */
  public int size() {
    return shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
  }

  /** Returns whether it is a running statistic of BatchNorm, which no gradient reaches. */
  public boolean buffer() {
    return name.endsWith(".runningMean") || name.endsWith(".runningVar");
  }

  /** Returns the number of inputs that one output of the layer sees. */
  public int fanIn() {
    return shape.stream().skip(1).mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
  }
}
