package io.histoflow.platform.kafka;

/** A transaction did not commit, or nobody knows; the work is to be done again. */
public final class TransactionFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says in one sentence what failed. */
  public TransactionFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
