package io.histoflow.segmentation.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;

/** A pass of a batch, operation by operation; feature maps are (N, C, H, W). */
public abstract class ArrayPass extends ForwardPass<NDArray> {

  private static final Shape ONE = new Shape(1, 1);
  private static final Shape TWO = new Shape(2, 2);
  private static final Shape ZERO = new Shape(0, 0);

  /** Makes a pass through a network. */
  protected ArrayPass(ClinSegNetConfig config) {
    super(config);
  }

  /** Returns one of the network's arrays, null where it has none of that name. */
  protected abstract NDArray array(String name);

  /** Returns FiLM's factors (N, C) at the stage; null without FiLM. */
  protected abstract NDArray gamma(StageName stage);

  /** Returns FiLM's summands (N, C) at the stage; null without FiLM. */
  protected abstract NDArray beta(StageName stage);

  /**
   * Returns the maps times the scale plus the shift.
   *
   * @param scale (N, C, 1, 1), or null
   * @param shift (N, C, 1, 1), or null
   */
  protected abstract NDArray modulate(NDArray maps, NDArray scale, NDArray shift);

  /** Convolves with the layer's weight and, where it has one, bias; the size stays. */
  protected final NDArray convolution(String layer, NDArray x) {
    NDArray weight = array(layer + ".weight");
    Shape padding = weight.getShape().get(2) == 1 ? ZERO : ONE;
    return Conv2d.conv2d(x, weight, array(layer + ".bias"), ONE, padding).head();
  }

  /** Returns the linear layer's outputs (N, out). */
  protected final NDArray linear(String layer, NDArray x) {
    return Linear.linear(x, array(layer + ".weight"), array(layer + ".bias")).head();
  }

  @Override
  protected final NDArray excite(StageName stage, NDArray maps) {
    String layer = stage.prefix() + ".se";
    NDArray hidden = Activation.relu(linear(layer + ".reduce", Pool.globalAvgPool2d(maps)));
    return Activation.sigmoid(linear(layer + ".expand", hidden));
  }

  @Override
  protected final NDArray condition(StageName stage, Extracted<NDArray> extracted) {
    NDArray scale = extracted.excitation();
    NDArray gamma = gamma(stage);
    if (gamma != null) {
      scale = scale == null ? gamma : scale.mul(gamma);
    }
    return modulate(extracted.maps(), perChannel(scale), perChannel(beta(stage)));
  }

  private static NDArray perChannel(NDArray values) {
    return values == null ? null : values.reshape(values.getShape().add(1, 1));
  }

  @Override
  protected final NDArray keep(NDArray x) {
    return x;
  }

  @Override
  protected final NDArray halve(NDArray x) {
    return Pool.maxPool2d(x, TWO, TWO, ZERO, false);
  }

  @Override
  protected NDArray pointwise(String layer, int outputs, NDArray x) {
    return convolution(layer, x);
  }

  @Override
  protected NDArray join(NDArray kept, NDArray wide) {
    return NDArrays.concat(new NDList(kept, shuffle(wide)), 1);
  }

  /** Shuffles (N, 4C, H, W) to (N, C, 2H, 2W); memory stays channels-last. */
  public static NDArray shuffle(NDArray y) {
    Shape shape = y.getShape();
    long n = shape.get(0);
    long c = shape.get(1) / 4;
    long h = shape.get(2);
    long w = shape.get(3);
    return y.transpose(0, 2, 3, 1)
        .reshape(n, h, w, 2, 2, c)
        .transpose(0, 1, 3, 2, 4, 5)
        .reshape(n, 2 * h, 2 * w, c)
        .transpose(0, 3, 1, 2);
  }
}
