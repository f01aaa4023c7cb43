package io.histoflow.results.slide;

/** The results of a slide cannot be had or put together. The message is one clear sentence. */
public final class SlideException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SlideException(String message) {
    super(message);
  }

  public SlideException(String message, Throwable cause) {
    super(message, cause);
  }
}
