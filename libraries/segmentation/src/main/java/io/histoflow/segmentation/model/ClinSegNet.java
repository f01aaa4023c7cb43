package io.histoflow.segmentation.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import ai.djl.nn.norm.BatchNorm;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * ClinSegNet in training: its parameters in native memory, and passes that record gradients for
 * those that learn. The layers are those of {@link ForwardPass}.
 *
 * <p>Inputs: images (N, C, H, W) with H and W multiples of 8, as {@link InputTensor} makes them,
 * and organs as one-hot rows (N, organs), unused without FiLM.
 */
public final class ClinSegNet {

  private static final String EMBEDDING = "embedding.weight";
  private static final float MOMENTUM = 0.9f;
  private static final float EPSILON = 1e-5f;

  private final ClinSegNetConfig config;
  private final Map<String, NDArray> parameters = new LinkedHashMap<>();
  private final Predicate<StageName> movingStatistics;

  private ClinSegNet(Weights weights, NDManager manager, Predicate<StageName> movingStatistics) {
    config = weights.config();
    this.movingStatistics = movingStatistics;
    weights.tensors().forEach((name, t) -> parameters.put(name, t.array(manager)));
  }

  /**
   * Loads a network whose BatchNorm learns the statistics of what it is trained on.
   *
   * @param manager holds its parameters until it is closed
   */
  public static ClinSegNet forTraining(Weights weights, NDManager manager) {
    return new ClinSegNet(weights, manager, stage -> true);
  }

  /**
   * Loads a network whose encoder's BatchNorm keeps its running statistics even in training.
   *
   * @param manager holds its parameters until it is closed
   * @param decoderStatistics whether the decoder's BatchNorm learns the statistics of what it is
   *     trained on; a few tiles may say too little for that
   */
  public static ClinSegNet forFineTuning(
      Weights weights, NDManager manager, boolean decoderStatistics) {
    return new ClinSegNet(weights, manager, stage -> decoderStatistics && !stage.encoder());
  }

  /** Records gradients of these parameters from now on, but of no running statistic. */
  public void learn(Predicate<ParameterSpec> trainable) {
    for (ParameterSpec spec : ParameterCatalogue.of(config).all()) {
      boolean learns = !spec.buffer() && trainable.test(spec);
      parameters.get(spec.name()).setRequiresGradient(learns);
    }
  }

  /** Returns the network's configuration. */
  public ClinSegNetConfig config() {
    return config;
  }

  /** Returns the network's parameters and running statistics by their stable names. */
  public Map<String, NDArray> parameters() {
    return Collections.unmodifiableMap(parameters);
  }

  /** Returns a copy of the parameters' present values. */
  public Weights weights() {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (ParameterSpec spec : ParameterCatalogue.of(config).all()) {
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
  public NDList forward(NDArray images, NDArray organs, boolean training) {
    NDList maps = encode(stem(images, training), organs, training);
    return decode(maps, organs, training);
  }

  /**
   * The first part of a pass: what the first stage yields before it is conditioned, which depends
   * on the image alone. In a network for fine-tuning nothing in it moves, so that it is the same
   * for all organs and in every step.
   *
   * @return the maps (N, width, H, W) and, with squeeze-and-excitation, their scale (N, width)
   */
  public NDList stem(NDArray images, boolean training) {
    var stem = new Pass(null, training).extract(StageName.ENCODER_0, images);
    return stem.excitation() == null
        ? new NDList(stem.maps())
        : new NDList(stem.maps(), stem.excitation());
  }

  /**
   * The second part of a pass.
   *
   * @param stem as {@link #stem} gives it
   * @return the maps of the encoder's stages, the deepest last
   */
  public NDList encode(NDList stem, NDArray organs, boolean training) {
    NDArray excitation = stem.size() > 1 ? stem.get(1) : null;
    return new NDList(
        new Pass(embedded(organs), training)
            .encode(new ForwardPass.Extracted<>(stem.get(0), excitation)));
  }

  /**
   * The last part of a pass.
   *
   * @param maps as {@link #encode} gives them
   * @return as {@link #forward}
   */
  public NDList decode(NDList maps, NDArray organs, boolean training) {
    Pass pass = new Pass(embedded(organs), training);
    NDArray x = pass.decode(maps);
    NDList outputs = new NDList(pass.pointwise(ForwardPass.MASK_HEAD, 1, x));
    if (training && config.edgeHead()) {
      outputs.add(pass.pointwise(ForwardPass.EDGE_HEAD, 1, x));
    }
    return outputs;
  }

  /** Returns the organs' embeddings (N, d), null without FiLM. */
  private NDArray embedded(NDArray organs) {
    return config.film() ? organs.matMul(parameters.get(EMBEDDING)) : null;
  }

  private final class Pass extends ArrayPass {

    private final NDArray embeddings;
    private final boolean training;

    Pass(NDArray embeddings, boolean training) {
      super(ClinSegNet.this.config);
      this.embeddings = embeddings;
      this.training = training;
    }

    @Override
    protected NDArray array(String name) {
      return parameters.get(name);
    }

    @Override
    protected NDArray convolve(StageName stage, int i, NDArray x) {
      NDArray y = convolution(stage.prefix() + ".conv" + i, x);
      String norm = stage.prefix() + ".bn" + i;
      NDList normed =
          BatchNorm.batchNorm(
              y,
              array(norm + ".runningMean"),
              array(norm + ".runningVar"),
              array(norm + ".gamma"),
              array(norm + ".beta"),
              1,
              MOMENTUM,
              EPSILON,
              training && movingStatistics.test(stage));
      return Activation.relu(normed.head());
    }

    @Override
    protected NDArray gamma(StageName stage) {
      return config.film()
          ? Activation.sigmoid(linear(stage.prefix() + ".film.gamma", embeddings))
          : null;
    }

    @Override
    protected NDArray beta(StageName stage) {
      return config.film() ? linear(stage.prefix() + ".film.beta", embeddings) : null;
    }

    @Override
    protected NDArray modulate(NDArray maps, NDArray scale, NDArray shift) {
      NDArray scaled = scale == null ? maps : maps.mul(scale);
      return shift == null ? scaled : scaled.add(shift);
    }
  }
}
