package io.histoflow.segmentation.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import io.histoflow.segmentation.model.ArrayPass;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.ForwardPass;
import io.histoflow.segmentation.model.StageName;
import java.util.HashMap;
import java.util.Map;

/**
 * ClinSegNet for inference in batches, operation by operation, on any device: there is no edge
 * head, and each feature map is freed once it was used.
 *
 * <p>Its arrays ask for no gradient, so PyTorch records none, on whatever thread it runs.
 */
final class FoldedNetwork {

  private final ClinSegNetConfig config;
  private final Map<String, NDArray> arrays = new HashMap<>();
  private final DataType type;

  /**
   * Copies the weights into native memory of the manager, which frees them when it closes.
   *
   * @param type in which it computes: 32 or 16 bits; the last sigmoid always has 32
   */
  FoldedNetwork(FoldedWeights weights, NDManager manager, DataType type) {
    this.type = type;
    config = weights.config();
    weights
        .tensors()
        .forEach((name, t) -> arrays.put(name, typed(FoldedWeights.array(t, manager))));
  }

  /**
   * Segments a batch.
   *
   * @param image (N, C, H, W) with sides that are multiples of 8, 32 bits; is closed
   * @param oneHot rows of organs (N, organs), 32 bits; is closed
   * @return probabilities (N, 1, H, W), 32 bits, attached to the image's manager
   */
  NDArray forward(NDArray image, NDArray oneHot) {
    Pass pass = new Pass(typed(oneHot));
    var stem = pass.extract(StageName.ENCODER_0, typed(image));
    NDArray logits = pass.pointwise(ForwardPass.MASK_HEAD, 1, pass.decode(pass.encode(stem)));
    return Activation.sigmoid(logits.toType(DataType.FLOAT32, false));
  }

  private NDArray typed(NDArray array) {
    NDArray typed = array.toType(type, false);
    if (typed != array) {
      array.close();
    }
    return typed;
  }

  private final class Pass extends ArrayPass {

    private final NDArray organs;

    Pass(NDArray organs) {
      super(FoldedNetwork.this.config);
      this.organs = organs;
    }

    @Override
    protected NDArray array(String name) {
      return arrays.get(name);
    }

    @Override
    protected NDArray convolve(StageName stage, int i, NDArray x) {
      try (NDArray y = pointwise(stage.prefix() + ".conv" + i, config.channels(stage), x)) {
        return Activation.relu(y);
      }
    }

    @Override
    protected NDArray gamma(StageName stage) {
      return organs.matMul(array(FoldedWeights.gamma(stage)));
    }

    @Override
    protected NDArray beta(StageName stage) {
      return organs.matMul(array(FoldedWeights.beta(stage)));
    }

    @Override
    protected NDArray modulate(NDArray maps, NDArray scale, NDArray shift) {
      return maps.muli(scale).addi(shift);
    }

    @Override
    protected NDArray pointwise(String layer, int outputs, NDArray x) {
      NDArray y = super.pointwise(layer, outputs, x);
      x.close();
      return y;
    }

    @Override
    protected NDArray join(NDArray kept, NDArray wide) {
      NDManager manager = kept.getManager();
      try (NDManager scope = manager.newSubManager()) {
        kept.attach(scope);
        wide.attach(scope);
        NDArray joined = super.join(kept, wide);
        joined.attach(manager);
        return joined;
      }
    }
  }
}
