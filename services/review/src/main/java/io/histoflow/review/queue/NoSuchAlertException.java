package io.histoflow.review.queue;

/** There is no such alert, nor was there one lately. The message is one sentence. */
public final class NoSuchAlertException extends Exception {
  private static final long serialVersionUID = 1L;

  public NoSuchAlertException(String message) {
    super(message);
  }
}
