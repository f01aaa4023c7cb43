package io.histoflow.weights;

/** Published weights cannot be used; the message is one sentence that says why. */
public final class WeightsRejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says why. */
  public WeightsRejectedException(String message) {
    super(message);
  }

  WeightsRejectedException(String message, Throwable cause) {
    super(message, cause);
  }
}
