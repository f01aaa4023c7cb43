package io.histoflow.review.kafka;

/**
 * Kafka or the schema registry did not answer in time: asking again may help. The message is one
 * sentence.
 */
public final class RecordUnreachableException extends Exception {
  private static final long serialVersionUID = 1L;

  public RecordUnreachableException(String message) {
    super(message);
  }

  public RecordUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
