package io.histoflow.topology.streams;

import org.apache.kafka.common.errors.SerializationException;

/** Thrown where state has the format of another release; only a person can decide what to do. */
public final class StateFormatException extends SerializationException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message which state, which formats, and what to do
   */
  public StateFormatException(String message) {
    super(message);
  }
}
