package io.histoflow.results.drawing;

/** A whole file of outlines cannot be used. The message is one clear sentence. */
public final class DrawingException extends Exception {
  private static final long serialVersionUID = 1L;

  public DrawingException(String message) {
    super(message);
  }

  public DrawingException(String message, Throwable cause) {
    super(message, cause);
  }
}
