package io.histoflow.platform.embedded;

/** Thrown when the embedded platform cannot start. The message is one clear sentence. */
public final class PlatformException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says in one sentence what is wrong, where, and what to do. */
  public PlatformException(String message) {
    super(message);
  }

  /** Says the same, with the error underneath. */
  public PlatformException(String message, Throwable cause) {
    super(message, cause);
  }
}
