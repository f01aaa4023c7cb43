package io.histoflow.platform.kafka;

/** A transaction did not commit, or nobody knows; the work is to be done again. */
public final class TransactionFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message one sentence: what failed
   * @param cause what the client said
   */
  public TransactionFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
