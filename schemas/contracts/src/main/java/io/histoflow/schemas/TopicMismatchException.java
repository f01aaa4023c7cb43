package io.histoflow.schemas;

/** An existing topic is not as the catalogue needs it; the message says which, and what to do. */
public final class TopicMismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TopicMismatchException(String message) {
    super(message);
  }
}
