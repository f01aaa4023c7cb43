package io.histoflow.loadtests.finetuning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.model.InputTensor;
import io.histoflow.segmentation.model.Network;
import io.histoflow.segmentation.model.TensorRuntime;
import io.histoflow.training.FineTuning;
import io.histoflow.training.FineTuningSettings;
import io.histoflow.training.loss.HistoLoss;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Forward and backward pass of what fine-tuning changes and nothing around it: what the frozen
 * first stage yields is there already, the loss is the plain binary cross-entropy, and nobody moves
 * along the gradients.
 */
final class BarePasses implements AutoCloseable {
  private final NDManager manager;
  private final Network network;
  private final NDArray images;
  private final NDArray masks;
  private final List<NDArray> organs = new ArrayList<>();
  private final NDList stem;
  private final NDList maps;

  /**
   * @param tiles one for each crop, of the crops' size
   * @param passes how often each crop passes the network, each time as another organ
   */
  BarePasses(
      Checkpoint checkpoint,
      FineTuningSettings settings,
      List<LabelledTile> tiles,
      int passes,
      Compute compute) {
    manager = TensorRuntime.newManager(compute.device());
    network = Network.forFineTuning(checkpoint.weights(), manager, settings.trainNormalisation());
    network.learn(spec -> FineTuning.moves(spec, settings));
    images = images(tiles, settings.cropSize());
    masks = masks(tiles, settings.cropSize());
    int known = checkpoint.config().organs().size();
    for (int pass = 0; pass < passes; pass++) {
      int shift = pass;
      organs.add(
          InputTensor.organs(
              manager,
              checkpoint.config(),
              tiles.stream()
                  .map(tile -> (checkpoint.config().indexOf(tile.organ()) + shift) % known)
                  .toList()));
    }
    try (NDManager scope = manager.newSubManager()) {
      NDList inScope = network.stem(alias(images, scope), false);
      maps = network.encode(inScope, organs.get(organs.size() - 1), false);
      stem = inScope;
      stem.attach(manager);
      maps.attach(manager);
    }
  }

  /** Passes the batch through the network and back, as often as a step does. */
  void step() {
    try (GradientCollector collector = TensorRuntime.engine().newGradientCollector()) {
      for (NDArray organ : organs) {
        try (NDManager pass = manager.newSubManager()) {
          NDList encoded = network.encode(aliases(stem, pass), organ, true);
          NDArray logits = network.decode(encoded, organ, true).head();
          NDArray loss = HistoLoss.binaryCrossEntropy(logits, masks);
          collector.backward(loss);
          loss.getFloat();
        }
      }
    }
  }

  /**
   * Computes what a step cannot do without besides: the frozen first stage of its crops and, where
   * they pass more than once, the base model's answer, which their second pass is compared with and
   * whose encoder is that pass's own.
   */
  void frozen() {
    try (NDManager scope = manager.newSubManager()) {
      network.stem(alias(images, scope), false).head().sum().getFloat();
      if (organs.size() > 1) {
        NDList decoded = network.decode(aliases(maps, scope), organs.get(1), false);
        decoded.head().sum().getFloat();
      }
    }
  }

  @Override
  public void close() {
    manager.close();
  }

  private NDArray images(List<LabelledTile> tiles, int side) {
    ByteBuffer pixels = ByteBuffer.allocateDirect(3 * tiles.size() * side * side);
    tiles.forEach(tile -> pixels.put(tile.image().rgb()));
    return InputTensor.image(
        manager, network.config().inputColour(), pixels.rewind(), tiles.size(), side, side);
  }

  private NDArray masks(List<LabelledTile> tiles, int side) {
    float[] values = new float[tiles.size() * side * side];
    for (int i = 0; i < values.length; i++) {
      int pixel = i % (side * side);
      boolean positive = tiles.get(i / (side * side)).mask().at(pixel % side, pixel / side);
      values[i] = positive ? 1 : 0;
    }
    return manager.create(values, new Shape(tiles.size(), 1, side, side));
  }

  /** Returns the same values; what is computed from them is freed with the manager. */
  private static NDArray alias(NDArray array, NDManager scope) {
    NDArray alias = array.stopGradient();
    alias.attach(scope);
    return alias;
  }

  private static NDList aliases(NDList arrays, NDManager scope) {
    return new NDList(arrays.stream().map(array -> alias(array, scope)).toList());
  }
}
