package io.histoflow.weights.versions;

import java.util.Objects;
import java.util.Optional;

/**
 * Who changes the weights in force, and why.
 *
 * @param by who, 1 to 128 characters
 * @param reason why, at most 2,000 characters
 */
public record ChangeNote(String by, Optional<String> reason) {
  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_REASON = 2_000;

  /** Checks the lengths. */
  public ChangeNote {
    Objects.requireNonNull(by, "by");
    Objects.requireNonNull(reason, "reason");
    if (by.isBlank() || by.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "Who changes the weights must be named with 1 to " + LONGEST_NAME + " characters.");
    }
    if (reason.isPresent() && reason.get().length() > LONGEST_REASON) {
      throw new IllegalArgumentException(
          "The reason may have at most " + LONGEST_REASON + " characters.");
    }
  }
}
