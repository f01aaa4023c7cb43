package io.histoflow.imaging;

/** An image that cannot be used; the message is one sentence that says why. */
public final class ImageRejectedException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence: what is wrong and what would be accepted
   */
  public ImageRejectedException(String message) {
    super(message);
  }

  /**
   * @param message one sentence: what is wrong and what would be accepted
   * @param cause what the codec said
   */
  public ImageRejectedException(String message, Throwable cause) {
    super(message, cause);
  }
}
