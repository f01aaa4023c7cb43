package io.histoflow.review.refusal;

import io.histoflow.schemas.RegistryUnavailableException;

/** A request cannot be answered as it was sent. The message is one sentence for who sent it. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  public RefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public RefusedException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Returns the refusal of what needs a schema that the registry does not give now. */
  public static RefusedException registryAway(RegistryUnavailableException cause) {
    return new RefusedException(
        Reason.UNREACHABLE,
        "The schema registry cannot be asked now: " + cause.getMessage(),
        cause);
  }

  /** Returns what kind of refusal it is. */
  public Reason reason() {
    return reason;
  }

  /** Why a request cannot be answered. */
  public enum Reason {
    /** There is no such alert, nor was there one lately. */
    NO_SUCH_ALERT,
    /** The alert has its verdict, or is about to have one. */
    ALERT_CONFLICT,
    /** Somebody reads a tile a second time that another person is to read. */
    SAME_READER,
    /** Another has the tile open. */
    CLAIMED,
    /** The verdict cannot be taken as sent. */
    INVALID,
    /** The record was deleted by its topic's retention, or compacted away. */
    RECORD_GONE,
    /** The record is there and cannot be used: asking again gives the same answer. */
    RECORD_UNREADABLE,
    /** Who signed in at the provider may not come in here. */
    NOT_ADMITTED,
    /** Kafka, the schema registry or the provider did not answer in time: asking again may help. */
    UNREACHABLE,
    /** Kafka did not take the verdict. */
    NOT_PUBLISHED,
    /** There was no room for a piece of work in time: asking again helps. */
    BUSY,
    /** What is open is not known while alerts are read anew: asking again helps. */
    REREADING
  }
}
