package io.histoflow.review.queue;

/** The alert has its verdict, or is about to have one. The message is one sentence. */
public final class AlertConflictException extends Exception {
  private static final long serialVersionUID = 1L;

  public AlertConflictException(String message) {
    super(message);
  }
}
