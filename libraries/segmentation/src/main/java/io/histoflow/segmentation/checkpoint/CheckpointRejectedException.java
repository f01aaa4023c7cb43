package io.histoflow.segmentation.checkpoint;

/** A weights file cannot be used; the message is one sentence that says why. */
public final class CheckpointRejectedException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Makes the exception. */
  public CheckpointRejectedException(String message) {
    super(message);
  }

  /** Makes the exception with its cause. */
  public CheckpointRejectedException(String message, Throwable cause) {
    super(message, cause);
  }
}
