package io.histoflow.segmentation.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import io.histoflow.segmentation.loss.HistoLoss;
import io.histoflow.segmentation.model.ClinSegNet;
import io.histoflow.segmentation.model.InputTensor;
import io.histoflow.segmentation.model.Weights;
import java.util.List;

/**
 * Keeps a network from forgetting without the data it was trained on: under the names of organs
 * that are not being corrected it must go on saying of the corrections' images what the base model
 * says (distillation, Hinton et al., 2015). Only the corrected organs are free to change.
 */
final class Rehearsal {

  private final ClinSegNet base;
  private final ParameterStore store;
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
    base = ClinSegNet.forFineTuning(weights.config(), false);
    base.load(weights, manager);
    for (Parameter parameter : base.namedParameters().values()) {
      parameter.freeze(true);
    }
    store = new ParameterStore(manager, false);
  }

  /**
   * Returns the weighted binary cross-entropy between the base model's probabilities and the
   * network's, a scalar.
   *
   * @param images (N, C, H, W)
   * @param organs one row of the embedding per image
   */
  NDArray loss(
      ClinSegNet network, ParameterStore networkStore, NDArray images, List<Integer> organs) {
    NDArray oneHot = InputTensor.organs(manager, base.config(), organs);
    oneHot.attach(images.getManager());
    NDList inputs = new NDList(images, oneHot);
    NDArray taught = Activation.sigmoid(base.forward(store, inputs, false).head());
    NDArray said = network.forward(networkStore, inputs, true).head();
    return HistoLoss.binaryCrossEntropy(said, taught).mul(weight);
  }
}
