package io.histoflow.segmentation.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * One stage of ClinSegNet: two 3x3 convolutions, each with BatchNorm and ReLU, then
 * squeeze-and-excitation s, then FiLM: {@code y = gamma (s x) + beta}.
 *
 * <p>Inputs: (N, C', H, W) and, with FiLM, embeddings (N, d). Output (N, C, H, W).
 */
final class Stage extends AbstractBlock {

  private final long channels;
  private final boolean movingStatistics;
  private final Conv2d conv1;
  private final BatchNorm bn1;
  private final Conv2d conv2;
  private final BatchNorm bn2;
  private final SqueezeExcitation se;
  private final FilmModulation film;

  /**
   * Makes a stage.
   *
   * @param movingStatistics whether BatchNorm uses the batch's statistics in training; otherwise it
   *     keeps the running ones, as in inference
   */
  Stage(ClinSegNetConfig config, int channels, boolean movingStatistics) {
    this.channels = channels;
    this.movingStatistics = movingStatistics;
    conv1 = addChildBlock("conv1", conv(channels));
    bn1 = addChildBlock("bn1", BatchNorm.builder().build());
    conv2 = addChildBlock("conv2", conv(channels));
    bn2 = addChildBlock("bn2", BatchNorm.builder().build());
    se = config.squeezeExcitation() ? addChildBlock("se", new SqueezeExcitation(channels)) : null;
    film = config.film() ? addChildBlock("film", new FilmModulation(channels)) : null;
  }

  private static Conv2d conv(int channels) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .optPadding(new Shape(1, 1))
        .setFilters(channels)
        .optBias(false)
        .build();
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    NDList extracted = extract(store, inputs.get(0), training);
    NDArray organ = film == null ? null : inputs.get(1);
    return new NDList(condition(store, extracted, organ, training));
  }

  /** Returns the maps before anything scales them and, with squeeze-and-excitation, s (N, C). */
  NDList extract(ParameterStore store, NDArray input, boolean training) {
    boolean batchStatistics = training && movingStatistics;
    NDArray x = convolve(store, conv1, bn1, input, training, batchStatistics);
    x = convolve(store, conv2, bn2, x, training, batchStatistics);
    return se == null
        ? new NDList(x)
        : new NDList(x, se.forward(store, new NDList(x), training).head());
  }

  /**
   * Returns the stage's output.
   *
   * @param extracted as {@link #extract} gives it
   * @param organ embeddings (N, d); unused without FiLM
   */
  NDArray condition(ParameterStore store, NDList extracted, NDArray organ, boolean training) {
    NDArray x = extracted.get(0);
    long n = x.getShape().get(0);
    NDArray scale = se == null ? null : extracted.get(1);
    NDArray shift = null;
    if (film != null) {
      NDList modulation = film.forward(store, new NDList(organ), training);
      scale = scale == null ? modulation.get(0) : scale.mul(modulation.get(0));
      shift = modulation.get(1).reshape(n, channels, 1, 1);
    }
    if (scale != null) {
      x = x.mul(scale.reshape(n, channels, 1, 1));
    }
    return shift == null ? x : x.add(shift);
  }

  private static NDArray convolve(
      ParameterStore store,
      Conv2d conv,
      BatchNorm norm,
      NDArray x,
      boolean training,
      boolean batchStatistics) {
    NDList y = conv.forward(store, new NDList(x), training);
    return Activation.relu(norm.forward(store, y, batchStatistics).head());
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape in = inputs[0];
    return new Shape[] {new Shape(in.get(0), channels, in.get(2), in.get(3))};
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    Shape out = getOutputShapes(inputs)[0];
    conv1.initialize(manager, type, inputs[0]);
    bn1.initialize(manager, type, out);
    conv2.initialize(manager, type, out);
    bn2.initialize(manager, type, out);
    if (se != null) {
      se.initialize(manager, type, out);
    }
    if (film != null) {
      film.initialize(manager, type, inputs[1]);
    }
  }
}
