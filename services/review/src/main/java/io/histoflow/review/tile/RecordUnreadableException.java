package io.histoflow.review.tile;

/**
 * The record is there and cannot be used: asking again gives the same answer. The message is one
 * sentence.
 */
public final class RecordUnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  public RecordUnreadableException(String message) {
    super(message);
  }

  public RecordUnreadableException(String message, Throwable cause) {
    super(message, cause);
  }
}
