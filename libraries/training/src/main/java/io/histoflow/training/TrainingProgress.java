package io.histoflow.training;

import io.histoflow.segmentation.model.Weights;

/** Hears how training goes; called on the training thread. */
public interface TrainingProgress {

  /**
   * A step was taken.
   *
   * @param step number of the step, counted from 1
   * @param share of the training that is done, 0..1
   * @param loss of the step's batch
   * @param learningRate of the step
   */
  default void onStep(long step, double share, double loss, double learningRate) {}

  /**
   * The averaged weights were validated.
   *
   * @param best whether they are the best so far
   */
  default void onValidation(ValidationPoint point, Weights weights, boolean best) {}
}
