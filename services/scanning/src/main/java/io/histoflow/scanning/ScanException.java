package io.histoflow.scanning;

/** A scan that cannot start or go on; the message is one sentence that says what to do. */
public final class ScanException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence
   */
  public ScanException(String message) {
    super(message);
  }

  /**
   * @param message one sentence
   * @param cause what was found underneath
   */
  public ScanException(String message, Throwable cause) {
    super(message, cause);
  }
}
