package io.histoflow.platform.lifecycle;

/** Thrown when a service cannot start or a part of it ended. The message is one clear sentence. */
public final class ServiceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message one sentence: which service, what went wrong, what to do
   */
  public ServiceException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message one sentence: which service, what went wrong, what to do
   * @param cause the error underneath
   */
  public ServiceException(String message, Throwable cause) {
    super(message, cause);
  }
}
