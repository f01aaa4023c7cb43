package io.histoflow.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import io.histoflow.segmentation.model.InputTensor;
import io.histoflow.segmentation.model.Network;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.training.loss.HistoLoss;
import java.util.List;

/**
 * Keeps a network from forgetting without the data it was trained on: under the names of organs
 * that are not being corrected it must go on saying of the corrections' images what the base model
 * says (distillation, Hinton et al., 2015). Only the corrected organs are free to change.
 */
final class Rehearsal {

  private final Network base;
  private final NDManager manager;
  private final float weight;

  /**
   * Makes a rehearsal.
   *
   * @param weights of the base model
   * @param manager holds the base model's native memory
   * @param weight of the rehearsal in the loss
   */
  Rehearsal(Weights weights, NDManager manager, float weight) {
    this.manager = manager;
    this.weight = weight;
    base = Network.forFineTuning(weights, manager, false);
  }

  /**
   * Returns the weighted binary cross-entropy between the base model's probabilities and the
   * network's, a scalar.
   *
   * <p>The conditioning of these organs stays as it is, and so does the encoder: what it says of
   * the images under their names is what the base model's would say, and is computed once for both.
   *
   * @param stem of the images, from the network's frozen first stage
   * @param organs rows of the embedding, one per image, of organs that are protected
   */
  NDArray loss(Network network, NDList stem, List<Integer> organs) {
    NDArray oneHot = InputTensor.organs(manager, base.config(), organs);
    oneHot.attach(stem.getManager());
    NDList maps = network.encode(stem, oneHot, true);
    NDList fixed = new NDList(maps.stream().map(NDArray::stopGradient).toList());
    NDArray taught = Activation.sigmoid(base.decode(fixed, oneHot, false).head());
    NDArray said = network.decode(maps, oneHot, true).head();
    return HistoLoss.binaryCrossEntropy(said, taught).mul(weight);
  }
}
