package io.histoflow.review.correction;

/** A verdict that cannot be taken as sent. The message is one sentence: what is wrong with it. */
public final class InvalidCorrectionException extends Exception {
  private static final long serialVersionUID = 1L;

  public InvalidCorrectionException(String message) {
    super(message);
  }

  public InvalidCorrectionException(String message, Throwable cause) {
    super(message, cause);
  }
}
