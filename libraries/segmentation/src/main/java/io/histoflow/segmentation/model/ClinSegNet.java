package io.histoflow.segmentation.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import java.util.function.Predicate;

/**
 * ClinSegNet in training: its parameters in native memory, and passes that record gradients for
 * those that learn. The layers are those of {@link ForwardPass}.
 *
 * <p>Inputs: images (N, C, H, W) with H and W multiples of 8, as {@link InputTensor} makes them,
 * and organs as one-hot rows (N, organs), unused without FiLM.
 */
public final class ClinSegNet extends Network {

  private static final String EMBEDDING = "embedding.weight";

  private final ClinSegNetConfig config;

  /** Copies weights of that configuration into native memory; as {@link Architecture#open}. */
  ClinSegNet(
      ClinSegNetConfig config,
      Weights weights,
      NDManager manager,
      Predicate<ParameterGroup> statistics) {
    super(weights, manager, statistics);
    this.config = config;
  }

  /**
   * The first part of a pass: what the first stage yields before it is conditioned, which depends
   * on the image alone. In a network for fine-tuning nothing in it moves, so that it is the same
   * for all organs and in every step.
   *
   * @return the maps (N, width, H, W) and, with squeeze-and-excitation, their scale (N, width)
   */
  @Override
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
  @Override
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
  @Override
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
    return config.film() ? organs.matMul(array(EMBEDDING)) : null;
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
      return ClinSegNet.this.array(name);
    }

    @Override
    protected NDArray convolve(StageName stage, int i, NDArray x) {
      NDArray y = convolution(stage.prefix() + ".conv" + i, x);
      String norm = stage.prefix() + ".bn" + i;
      return Activation.relu(batchNorm(norm, ParameterGroup.of(stage), y, training));
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
