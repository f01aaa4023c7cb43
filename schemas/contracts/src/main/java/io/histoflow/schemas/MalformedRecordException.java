package io.histoflow.schemas;

import org.apache.kafka.common.errors.SerializationException;

/**
 * A record that can never be read: reading it again gives the same answer, so it belongs on the
 * dead-letter topic. The message is one sentence that says what is wrong.
 */
public final class MalformedRecordException extends SerializationException {
  private static final long serialVersionUID = 1L;

  public MalformedRecordException(String message) {
    super(message);
  }

  public MalformedRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
