package io.histoflow.results.slide;

/** The results of a slide cannot be had or put together. The message is one clear sentence. */
public final class SlideException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why not. */
  public enum Reason {
    /** Nothing is known of the slide. */
    UNKNOWN,
    /** What is known makes no one picture, or is more than there is room for. */
    UNUSABLE,
    /** The brokers did not answer: asking again may help. */
    UNREACHABLE
  }

  /** What is known cannot be used. */
  public SlideException(String message) {
    this(Reason.UNUSABLE, message, null);
  }

  SlideException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Returns what kind of trouble it is. */
  public Reason reason() {
    return reason;
  }
}
