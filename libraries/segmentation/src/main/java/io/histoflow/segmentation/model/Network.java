package io.histoflow.segmentation.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.norm.BatchNorm;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A network in native memory: passes operation by operation, which record gradients for the
 * parameters that learn.
 *
 * <p>Inputs: images (N, C, H, W) with sides that its {@link Architecture} takes, as {@link
 * InputTensor} makes them, and organs as one-hot rows (N, organs), unused where it is not
 * conditioned.
 */
public abstract class Network {

  private static final float MOMENTUM = 0.9f;
  private static final float EPSILON = 1e-5f;

  private final Architecture config;
  private final Map<String, NDArray> parameters = new LinkedHashMap<>();
  private final Predicate<ParameterGroup> statistics;

  /**
   * Copies weights into native memory.
   *
   * @param manager holds them until it is closed
   * @param statistics as for {@link Architecture#open}
   */
  protected Network(Weights weights, NDManager manager, Predicate<ParameterGroup> statistics) {
    config = weights.config();
    this.statistics = statistics;
    weights.tensors().forEach((name, t) -> parameters.put(name, t.array(manager)));
  }

  /**
   * Loads a network whose BatchNorm learns the statistics of what it is trained on.
   *
   * @param manager holds its parameters until it is closed
   */
  public static Network forTraining(Weights weights, NDManager manager) {
    return weights.config().open(weights, manager, group -> true);
  }

  /**
   * Loads a network whose encoder's BatchNorm keeps its running statistics even in training.
   *
   * @param manager holds its parameters until it is closed
   * @param decoderStatistics whether the decoder's BatchNorm learns the statistics of what it is
   *     trained on; a few tiles may say too little for that
   */
  public static Network forFineTuning(
      Weights weights, NDManager manager, boolean decoderStatistics) {
    return weights
        .config()
        .open(weights, manager, group -> decoderStatistics && group == ParameterGroup.DECODER);
  }

  /** Records gradients of these parameters from now on, but of no running statistic. */
  public final void learn(Predicate<ParameterSpec> trainable) {
    for (ParameterSpec spec : config.parameters()) {
      boolean learns = !spec.buffer() && trainable.test(spec);
      parameters.get(spec.name()).setRequiresGradient(learns);
    }
  }

  /** Returns what kind of network it is. */
  public final Architecture config() {
    return config;
  }

  /** Returns the network's parameters and running statistics by their stable names. */
  public final Map<String, NDArray> parameters() {
    return Collections.unmodifiableMap(parameters);
  }

  /** Returns a copy of the parameters' present values. */
  public final Weights weights() {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (ParameterSpec spec : config.parameters()) {
      float[] values = parameters.get(spec.name()).toFloatArray();
      tensors.put(spec.name(), new WeightTensor(spec.shape(), values));
    }
    return new Weights(config, tensors);
  }

  /**
   * A whole pass.
   *
   * @return mask logits (N, 1, H, W) and, in training with an edge head, edge logits of that shape
   */
  public final NDList forward(NDArray images, NDArray organs, boolean training) {
    config.requireSide(images.getShape().get(2));
    config.requireSide(images.getShape().get(3));
    NDList maps = encode(stem(images, training), organs, training);
    return decode(maps, organs, training);
  }

  /**
   * The first part of a pass: what depends on the image alone. In a network for fine-tuning nothing
   * in it moves, so that it is the same for all organs and in every step. Without anything of the
   * kind it is the images themselves.
   */
  public NDList stem(NDArray images, boolean training) {
    return new NDList(images);
  }

  /**
   * The second part of a pass.
   *
   * @param stem as {@link #stem} gives it
   * @return the encoder's maps, the deepest last
   */
  public abstract NDList encode(NDList stem, NDArray organs, boolean training);

  /**
   * The last part of a pass: what fine-tuning changes.
   *
   * @param maps as {@link #encode} gives them
   * @return as {@link #forward}
   */
  public abstract NDList decode(NDList maps, NDArray organs, boolean training);

  /** Returns one of the network's arrays, null where it has none of that name. */
  protected final NDArray array(String name) {
    return parameters.get(name);
  }

  /** Normalises maps (N, C, H, W) by the named BatchNorm, which belongs to the group. */
  protected final NDArray batchNorm(
      String norm, ParameterGroup group, NDArray x, boolean training) {
    return BatchNorm.batchNorm(
            x,
            array(norm + ".runningMean"),
            array(norm + ".runningVar"),
            array(norm + ".gamma"),
            array(norm + ".beta"),
            1,
            MOMENTUM,
            EPSILON,
            training && statistics.test(group))
        .head();
  }
}
