package io.histoflow.platform.lifecycle;

/** Thrown when a service cannot start or a part of it ended. The message is one clear sentence. */
public final class ServiceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says in one sentence which service it is, what went wrong and what to do. */
  public ServiceException(String message) {
    super(message);
  }

  /** Says the same, with the error underneath. */
  public ServiceException(String message, Throwable cause) {
    super(message, cause);
  }
}
