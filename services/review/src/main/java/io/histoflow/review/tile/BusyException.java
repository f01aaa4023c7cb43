package io.histoflow.review.tile;

/**
 * There was no room for a piece of work in time: asking again helps. The message is one sentence.
 */
public final class BusyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BusyException(String message) {
    super(message);
  }
}
