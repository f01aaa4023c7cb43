package io.histoflow.segmentation.model.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.pooling.Pool;
import io.histoflow.segmentation.model.ArrayPass;
import io.histoflow.segmentation.model.Network;
import io.histoflow.segmentation.model.ParameterGroup;
import io.histoflow.segmentation.model.Weights;
import java.util.function.Predicate;

/** The passes of a {@link UNet}. */
final class UNetNetwork extends Network {

  private static final Shape ZERO = new Shape(0, 0);
  private static final Shape ONE = new Shape(1, 1);
  private static final Shape TWO = new Shape(2, 2);

  private final UNet shape;

  UNetNetwork(
      UNet shape, Weights weights, NDManager manager, Predicate<ParameterGroup> statistics) {
    super(weights, manager, statistics);
    this.shape = shape;
  }

  @Override
  public NDList encode(NDList stem, NDArray organs, boolean training) {
    NDArray x = stem.head();
    NDList maps = new NDList();
    for (int level = 0; level <= UNet.LEVELS; level++) {
      NDArray input = level == 0 ? x : Pool.maxPool2d(x, TWO, TWO, ZERO, false);
      x = stage("encoder." + level, ParameterGroup.ENCODER, input, training);
      maps.add(x);
    }
    return maps;
  }

  @Override
  public NDList decode(NDList maps, NDArray organs, boolean training) {
    NDArray x = maps.get(UNet.LEVELS);
    for (int level = UNet.LEVELS - 1; level >= 0; level--) {
      NDArray up = up("up." + level, x);
      NDArray skip = maps.get(level);
      if (shape.gated()) {
        skip = skip.mul(attention("gate." + level, skip, up, training));
      }
      NDArray joined = NDArrays.concat(new NDList(skip, up), 1);
      x = stage("decoder." + level, ParameterGroup.DECODER, joined, training);
    }
    return new NDList(pointwise("head", x));
  }

  private NDArray stage(String prefix, ParameterGroup group, NDArray input, boolean training) {
    NDArray x = input;
    for (int i = 1; i <= 2; i++) {
      NDArray y = Conv2d.conv2d(x, array(prefix + ".conv" + i + ".weight"), null, ONE, ONE).head();
      x = Activation.relu(batchNorm(prefix + ".bn" + i, group, y, training));
    }
    return x;
  }

  /** A 2x2 transposed convolution of stride 2, which the engine lacks, by its parts. */
  private NDArray up(String layer, NDArray x) {
    NDArray wide = Conv2d.conv2d(x, array(layer + ".weight"), null, ONE, ZERO).head();
    return ArrayPass.shuffle(wide).add(array(layer + ".bias").reshape(1, -1, 1, 1));
  }

  /** Returns how much of the skip passes at each pixel, (N, 1, H, W) in 0..1. */
  private NDArray attention(String gate, NDArray skip, NDArray signal, boolean training) {
    NDArray asked = normed(gate + ".signal", signal, training);
    NDArray hidden = Activation.relu(asked.add(normed(gate + ".skip", skip, training)));
    return Activation.sigmoid(normed(gate + ".psi", hidden, training));
  }

  private NDArray normed(String layer, NDArray x, boolean training) {
    return batchNorm(layer + ".bn", ParameterGroup.DECODER, pointwise(layer, x), training);
  }

  private NDArray pointwise(String layer, NDArray x) {
    return Conv2d.conv2d(x, array(layer + ".weight"), array(layer + ".bias"), ONE, ZERO).head();
  }
}
