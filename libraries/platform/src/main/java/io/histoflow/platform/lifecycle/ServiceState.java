package io.histoflow.platform.lifecycle;

/**
 * Where a service is in its life. A service is started once; a stopped one is not started again.
 */
public enum ServiceState {
  /** Made, not started. */
  NEW,
  /** Acquiring what it needs. */
  STARTING,
  /** Doing its work. */
  RUNNING,
  /** Finishing its work and releasing what it holds. */
  STOPPING,
  /** Stopped as asked; final. */
  STOPPED,
  /** Stopped by an error; final. */
  FAILED;

  /**
   * Tells whether a service in this state may enter another.
   *
   * @param next the other state
   * @return true when the transition is part of a service's life
   */
  public boolean canTransitionTo(ServiceState next) {
    return switch (this) {
      case NEW -> next == STARTING || next == STOPPED;
      case STARTING -> next == RUNNING || next == STOPPING || next == FAILED;
      case RUNNING -> next == STOPPING || next == FAILED;
      case STOPPING -> next == STOPPED || next == FAILED;
      case STOPPED, FAILED -> false;
    };
  }

  /**
   * Tells whether this state is final.
   *
   * @return true for {@link #STOPPED} and {@link #FAILED}
   */
  public boolean isFinal() {
    return this == STOPPED || this == FAILED;
  }
}
