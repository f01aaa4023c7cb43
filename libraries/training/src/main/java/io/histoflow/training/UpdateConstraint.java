package io.histoflow.training;

import ai.djl.ndarray.NDArray;

/** Keeps a parameter's updates within what may change. */
@FunctionalInterface
interface UpdateConstraint {

  /** Lets every update through. */
  UpdateConstraint NONE = (name, update) -> update;

  /**
   * Returns the part of an update that is allowed.
   *
   * @param name of the parameter
   * @param update of the parameter's shape
   * @return the update itself or an array attached to its manager
   */
  NDArray allowed(String name, NDArray update);
}
