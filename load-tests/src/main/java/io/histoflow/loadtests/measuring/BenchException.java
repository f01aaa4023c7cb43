package io.histoflow.loadtests.measuring;

/** A measurement that cannot be finished; the message is one sentence. */
public final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what went wrong, one sentence
   */
  public BenchException(String message) {
    super(message);
  }

  /**
   * @param message what went wrong, one sentence
   * @param cause why
   */
  public BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
