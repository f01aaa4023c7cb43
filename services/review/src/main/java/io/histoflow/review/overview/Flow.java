package io.histoflow.review.overview;

import java.util.Objects;

/**
 * Whether tiles come through inference.
 *
 * @param state how it stands
 * @param waiting scanned tiles that no worker has answered yet
 * @param sentence what is wrong, for a person; empty where nothing is
 */
public record Flow(State state, long waiting, String sentence) {

  public Flow {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(sentence, "sentence");
  }

  /** How it stands. */
  public enum State {
    /** No tile waits. */
    IDLE,
    /** Tiles wait and are answered. */
    RUNNING,
    /** Tiles wait, and for a time none of some partition was answered. */
    STANDING,
    /** Tiles were taken up lately, and each went to the dead letters. */
    REFUSING,
    /** Kafka does not say. */
    UNKNOWN
  }
}
