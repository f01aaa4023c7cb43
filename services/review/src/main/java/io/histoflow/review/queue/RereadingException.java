package io.histoflow.review.queue;

/**
 * What is open is not known at this moment, since the alerts are read from the beginning: asking
 * again helps. The message is one sentence.
 */
public final class RereadingException extends Exception {
  private static final long serialVersionUID = 1L;

  public RereadingException(String message) {
    super(message);
  }
}
