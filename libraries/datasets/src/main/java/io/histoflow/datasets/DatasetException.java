package io.histoflow.datasets;

/** A data set that cannot be used; the message is one sentence that names the file or folder. */
public final class DatasetException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence: what is wrong, where, and what to do
   */
  public DatasetException(String message) {
    super(message);
  }

  /**
   * @param message one sentence: what is wrong, where, and what to do
   * @param cause what was found underneath
   */
  public DatasetException(String message, Throwable cause) {
    super(message, cause);
  }
}
