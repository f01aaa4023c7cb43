package io.histoflow.training;

/**
 * A point of the learning curve.
 *
 * @param step after which it was taken
 * @param loss mean over the steps since the point before
 */
public record LossPoint(long step, double loss) {}
