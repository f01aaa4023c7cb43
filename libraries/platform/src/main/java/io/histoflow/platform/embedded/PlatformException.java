package io.histoflow.platform.embedded;

/** Thrown when the embedded platform cannot start. The message is one clear sentence. */
public final class PlatformException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message one sentence: what is wrong, where, what to do
   */
  public PlatformException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message one sentence: what is wrong, where, what to do
   * @param cause the error underneath
   */
  public PlatformException(String message, Throwable cause) {
    super(message, cause);
  }
}
