package io.histoflow.finetuning;

/**
 * A record that can never be used, however often it is tried. The message is one sentence that goes
 * with it to the dead-letter topic.
 */
final class RejectedRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  RejectedRecordException(String message) {
    super(message);
  }

  RejectedRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
