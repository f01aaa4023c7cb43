package io.histoflow.results.drawing;

import java.util.Optional;

/**
 * An outline that was not taken.
 *
 * @param outline which in the file, counted from 1
 * @param id its id, where it has one
 * @param reason a sentence without its end
 */
public record Refusal(long outline, Optional<String> id, String reason) {
  /** Returns the whole sentence. */
  public String sentence() {
    return "Outline "
        + outline
        + id.map(text -> " (" + text + ")").orElse("")
        + ": "
        + reason
        + ".";
  }
}
