package io.histoflow.review.correction;

/** Kafka did not take the verdict. The message is one sentence: what became of it. */
public final class CorrectionNotPublishedException extends Exception {
  private static final long serialVersionUID = 1L;

  public CorrectionNotPublishedException(String message, Throwable cause) {
    super(message, cause);
  }
}
