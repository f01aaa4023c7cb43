package io.histoflow.training;

/**
 * Linear warm-up, then half a cosine down to 1 % of the highest rate.
 *
 * @param highest learning rate
 * @param warmupSteps steps until the highest rate
 */
record LearningRateSchedule(double highest, int warmupSteps) {

  /**
   * Returns the learning rate of a step.
   *
   * @param step counted from 0
   * @param share of the training that is done, by steps or by time, 0..1
   */
  double at(long step, double share) {
    double decayed = 0.01 + 0.99 * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, share)));
    return highest * Math.min(decayed, (step + 1.0) / (warmupSteps + 1.0));
  }
}
