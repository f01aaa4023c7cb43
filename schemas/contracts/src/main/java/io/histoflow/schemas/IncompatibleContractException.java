package io.histoflow.schemas;

/** A contract breaks with one that is registered; the message names the subject and the field. */
public final class IncompatibleContractException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public IncompatibleContractException(String message) {
    super(message);
  }

  public IncompatibleContractException(String message, Throwable cause) {
    super(message, cause);
  }
}
