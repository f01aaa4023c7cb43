package io.histoflow.finetuning;

/**
 * A record that can never be used, however often it is tried. The message is one sentence that goes
 * with it to the dead-letter topic.
 */
final class RejectedRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean leftToRouting;

  RejectedRecordException(String message) {
    this(message, null);
  }

  RejectedRecordException(String message, Throwable cause) {
    this(message, cause, false);
  }

  private RejectedRecordException(String message, Throwable cause, boolean leftToRouting) {
    super(message, cause);
    this.leftToRouting = leftToRouting;
  }

  /** Makes one for a record that routing reads as well, and refuses for the same reason. */
  static RejectedRecordException leftToRouting(String message, Throwable cause) {
    return new RejectedRecordException(message, cause, true);
  }

  /** Tells whether routing sends the dead letter. */
  boolean isLeftToRouting() {
    return leftToRouting;
  }
}
