package io.histoflow.imaging;

import java.io.EOFException;
import java.nio.file.Path;

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

  /** The same refusal with the name of the file before it. */
  public ImageRejectedException of(Path file) {
    return new ImageRejectedException(file + ": " + getMessage(), this);
  }

  /**
   * What a codec answered damaged input with, as a sentence.
   *
   * @param subject what was read, for example 'the TIFF'
   * @param cause whatever the codec threw
   */
  public static ImageRejectedException damaged(String subject, Throwable cause) {
    return new ImageRejectedException(
        subject + " is damaged or of an unsupported kind: " + reason(cause), cause);
  }

  private static String reason(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    if (last instanceof ClassCastException
        || last instanceof NullPointerException
        || last instanceof IndexOutOfBoundsException
        || last instanceof NegativeArraySizeException
        || last instanceof ArithmeticException
        || last instanceof StackOverflowError
        || last instanceof InternalError) {
      return "its structure contradicts itself; save it anew from the program that made it";
    }
    if (last instanceof EOFException) {
      return "it is cut off";
    }
    return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
  }
}
