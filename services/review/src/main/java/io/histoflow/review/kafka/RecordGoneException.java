package io.histoflow.review.kafka;

/**
 * The record was deleted by its topic's retention, or compacted away. The message is one sentence.
 */
public final class RecordGoneException extends Exception {
  private static final long serialVersionUID = 1L;

  public RecordGoneException(String message) {
    super(message);
  }

  public RecordGoneException(String message, Throwable cause) {
    super(message, cause);
  }
}
