package io.histoflow.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.model.Network;
import io.histoflow.segmentation.model.ParameterSpec;
import io.histoflow.segmentation.model.TensorRuntime;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.training.loss.HistoLoss;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** One network in training: a step at a time, every array of a step freed at its end. */
final class TrainingLoop implements AutoCloseable {

  private static final int MOST_SKIPPED = 5;

  private final Network network;
  private final HistoLoss loss;
  private final NDManager manager;
  private final AdamW optimiser;
  private final AverageWeights average;
  private int skippedInARow;
  private Rehearsal rehearsal;

  /**
   * Puts a network on the device.
   *
   * @param opener loads the start into the network that is to learn
   * @param trainable which parameters move; all others stay as they are, bit by bit
   */
  TrainingLoop(
      BiFunction<Weights, NDManager, Network> opener,
      Weights start,
      Predicate<ParameterSpec> trainable,
      HistoLoss loss,
      double weightDecay,
      double clipNorm,
      double averageDecay,
      Compute compute) {
    this.loss = loss;
    manager = TensorRuntime.newManager(compute.device());
    network = opener.apply(start, manager);
    network.learn(trainable);
    optimiser = new AdamW(manager, network.parameters(), weightDecay, clipNorm);
    average = new AverageWeights(manager, network.parameters(), trainable, start, averageDecay);
  }

  /**
   * Trains on a batch with one learning rate for all.
   *
   * @return the batch's loss before the step
   * @throws IllegalStateException where the loss is no finite number, or the gradients were not for
   *     several steps in a row; a single such step moves nothing
   */
  double step(TrainingBatch batch, double learningRate) {
    return step(batch, name -> learningRate);
  }

  /** As {@link #step(TrainingBatch, double)}, with a learning rate for each parameter by name. */
  double step(TrainingBatch batch, ToDoubleFunction<String> rates) {
    double value;
    // One pass is freed before the next begins: their gradients add up, their feature maps must
    // not.
    try (GradientCollector collector = TensorRuntime.engine().newGradientCollector()) {
      value = rehearsal == null ? learn(batch, collector) : learnAndRehearse(batch, collector);
    }
    double norm = optimiser.step(rates);
    skippedInARow = Double.isFinite(norm) ? 0 : skippedInARow + 1;
    if (!Double.isFinite(value) || skippedInARow > MOST_SKIPPED) {
      throw new IllegalStateException(
          "training diverged after step %d (loss %s): lower the learning rate"
              .formatted(optimiser.steps(), value));
    }
    if (skippedInARow == 0) {
      average.update(optimiser.steps());
    }
    return value;
  }

  private double learn(TrainingBatch batch, GradientCollector collector) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray images = batch.images(scope, network.config());
      NDList outputs = network.forward(images, batch.organs(scope, network.config()), true);
      return backward(loss.evaluate(batch.labels(scope), outputs), collector);
    }
  }

  private double learnAndRehearse(TrainingBatch batch, GradientCollector collector) {
    try (FrozenStem stem = stem(batch)) {
      double value;
      try (NDManager scope = manager.newSubManager()) {
        NDArray organs = batch.organs(scope, network.config());
        NDList maps = network.encode(stem.in(scope), organs, true);
        NDList outputs = network.decode(maps, organs, true);
        value = backward(loss.evaluate(batch.labels(scope), outputs), collector);
      }
      try (NDManager scope = manager.newSubManager()) {
        NDArray result = rehearsal.loss(network, stem.in(scope), batch.rehearsed());
        return value + backward(result, collector);
      }
    }
  }

  private FrozenStem stem(TrainingBatch batch) {
    try (NDManager scope = manager.newSubManager()) {
      return new FrozenStem(network, batch.images(scope, network.config()), manager);
    }
  }

  private static double backward(NDArray result, GradientCollector collector) {
    collector.backward(result);
    return result.getFloat();
  }

  /**
   * Rehearses what the given weights say for other organs in every step from now on. The encoder
   * must be frozen, and the conditioning of the organs that are rehearsed protected.
   */
  void rehearse(Weights weights, double weight) {
    rehearsal = new Rehearsal(weights, manager, (float) weight);
  }

  /**
   * Leaves the conditioning of all organs but the given rows of the embedding as it is.
   *
   * @param known number of the first rows, which the model knew before
   * @param knownShare how freely they may change where they are taught, 0..1
   */
  void protect(Weights start, Set<Integer> taught, int known, double knownShare) {
    optimiser.constrain(new OrganProtection(start, taught, known, knownShare, manager));
  }

  /** Puts back what an earlier loop's averages, moments and steps were. */
  void restore(Weights averages, Map<String, float[]> moments, long steps) {
    average.restore(averages);
    optimiser.restore(moments, steps);
  }

  /** Returns the optimiser. */
  AdamW optimiser() {
    return optimiser;
  }

  /** Returns a copy of the weights as they are now. */
  Weights weights() {
    return network.weights();
  }

  /** Returns a copy of the averaged weights. */
  Weights averaged() {
    return average.weights();
  }

  /** Returns the number of arrays in native memory: the same after every step. */
  int liveArrays() {
    return manager.getManagedArrays().size();
  }

  @Override
  public void close() {
    manager.close();
  }
}
