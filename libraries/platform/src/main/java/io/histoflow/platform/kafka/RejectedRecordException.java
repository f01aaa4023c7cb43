package io.histoflow.platform.kafka;

/**
 * A record that can never be used, however often it is tried. The message is one sentence that goes
 * with it to the dead-letter topic.
 */
public final class RejectedRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says why. */
  public RejectedRecordException(String message) {
    super(message);
  }

  /** Says why, and what was thrown. */
  public RejectedRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
