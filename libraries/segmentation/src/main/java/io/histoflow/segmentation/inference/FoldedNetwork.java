package io.histoflow.segmentation.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.PixelShuffleUp;
import io.histoflow.segmentation.model.StageName;
import io.histoflow.segmentation.model.WeightTensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/**
 * ClinSegNet for inference in batches, operation by operation, on any device: there is no edge
 * head, and each feature map is freed once it was used.
 *
 * <p>Its arrays ask for no gradient, so PyTorch records none, on whatever thread it runs.
 */
final class FoldedNetwork {

  private static final Shape ONE = new Shape(1, 1);
  private static final Shape TWO = new Shape(2, 2);
  private static final Shape NO_PADDING = new Shape(0, 0);

  private final Map<StageName, FoldedStage> stages = new EnumMap<>(StageName.class);
  private final Map<StageName, Layer> ups = new EnumMap<>(StageName.class);
  private final Layer head;

  private record Layer(NDArray weight, NDArray bias) {}

  private record FoldedStage(
      Layer conv1, Layer conv2, Layer reduce, Layer expand, NDArray gammas, NDArray betas) {}

  private final NDManager manager;
  private final DataType type;

  /**
   * Copies the weights into native memory of the manager, which frees them when it closes.
   *
   * @param type in which it computes: 32 or 16 bits; the last sigmoid always has 32
   */
  FoldedNetwork(FoldedWeights weights, NDManager manager, DataType type) {
    this.manager = manager;
    this.type = type;
    ClinSegNetConfig config = weights.config();
    for (StageName name : StageName.values()) {
      boolean se = config.squeezeExcitation();
      boolean film = config.film();
      stages.put(
          name,
          new FoldedStage(
              layer(weights.convolution(name, 1)),
              layer(weights.convolution(name, 2)),
              se ? layer(weights.squeeze(name)) : null,
              se ? layer(weights.excite(name)) : null,
              film ? array(weights.gammas(name)) : null,
              film ? array(weights.betas(name)) : null));
      if (!name.encoder()) {
        ups.put(name, layer(weights.up(name)));
      }
    }
    head = layer(weights.head());
  }

  /**
   * Segments a batch.
   *
   * @param image (N, C, H, W) with sides that are multiples of 8, 32 bits; is closed
   * @param oneHot rows of organs (N, organs), 32 bits; is closed
   * @return probabilities (N, 1, H, W), 32 bits, attached to the image's manager
   */
  NDArray forward(NDArray image, NDArray oneHot) {
    Deque<NDArray> skips = new ArrayDeque<>();
    NDArray x = typed(image);
    NDArray organs = typed(oneHot);
    for (StageName name : StageName.values()) {
      if (name.encoder() && name != StageName.ENCODER_0) {
        skips.push(x);
        x = Pool.maxPool2d(x, TWO, TWO, NO_PADDING, false);
      } else if (!name.encoder()) {
        x = up(x, ups.get(name), skips.pop());
      }
      x = stage(x, stages.get(name), organs);
    }
    organs.close();
    NDArray logits = convolve(x, head, NO_PADDING);
    NDArray exact = logits.toType(DataType.FLOAT32, false);
    NDArray probabilities = Activation.sigmoid(exact);
    if (exact != logits) {
      exact.close();
    }
    logits.close();
    return probabilities;
  }

  private NDArray typed(NDArray array) {
    NDArray typed = array.toType(type, false);
    if (typed != array) {
      array.close();
    }
    return typed;
  }

  private static NDArray stage(NDArray image, FoldedStage stage, NDArray organs) {
    NDArray x = convolveRelu(convolveRelu(image, stage.conv1()), stage.conv2());
    try (NDManager scope = x.getManager().newSubManager()) {
      long n = x.getShape().get(0);
      long c = x.getShape().get(1);
      NDArray scale = null;
      if (stage.reduce() != null) {
        NDArray means = Pool.globalAvgPool2d(x);
        means.attach(scope);
        NDArray hidden = Activation.relu(linear(means, stage.reduce()));
        scale = Activation.sigmoid(linear(hidden, stage.expand()));
      }
      if (stage.gammas() != null) {
        NDArray oneHot = organs.duplicate();
        oneHot.attach(scope);
        NDArray gamma = oneHot.matMul(stage.gammas());
        scale = scale == null ? gamma : scale.mul(gamma);
        x.muli(scale.reshape(n, c, 1, 1));
        x.addi(oneHot.matMul(stage.betas()).reshape(n, c, 1, 1));
      } else if (scale != null) {
        x.muli(scale.reshape(n, c, 1, 1));
      }
    }
    return x;
  }

  private static NDArray up(NDArray x, Layer layer, NDArray skip) {
    NDManager manager = x.getManager();
    NDArray y = convolve(x, layer, NO_PADDING);
    try (NDManager scope = manager.newSubManager()) {
      y.attach(scope);
      skip.attach(scope);
      NDArray joined = NDArrays.concat(new NDList(skip, PixelShuffleUp.shuffle(y)), 1);
      joined.attach(manager);
      return joined;
    }
  }

  private static NDArray convolveRelu(NDArray x, Layer layer) {
    NDArray y = convolve(x, layer, ONE);
    NDArray positive = Activation.relu(y);
    y.close();
    return positive;
  }

  private static NDArray convolve(NDArray x, Layer layer, Shape padding) {
    NDArray y = Conv2d.conv2d(x, layer.weight(), layer.bias(), ONE, padding).head();
    x.close();
    return y;
  }

  private static NDArray linear(NDArray x, Layer layer) {
    return Linear.linear(x, layer.weight(), layer.bias()).head();
  }

  private Layer layer(FoldedWeights.Layer layer) {
    return new Layer(array(layer.weight()), array(layer.bias()));
  }

  private NDArray array(WeightTensor tensor) {
    return typed(array(tensor, manager));
  }

  /** Copies the values into native memory of the manager. */
  static NDArray array(WeightTensor tensor, NDManager manager) {
    long[] sizes = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
    return manager.create(tensor.values(), new Shape(sizes)).duplicate();
  }
}
