package io.histoflow.schemas;

import java.util.Optional;

/**
 * What a text that names something may hold: ids, organs, scanners, reviewers. Characters that
 * nobody sees would make two names of what looks like one, or end a log line and begin another.
 *
 * @param what the field, for the sentence
 * @param fewest characters (UTF-16 units), 0 or more
 * @param most characters, {@code fewest} or more
 */
public record TextRule(String what, int fewest, int most) {
  /** Checks the bounds. */
  public TextRule {
    if (fewest < 0 || most < fewest) {
      throw new IllegalArgumentException(
          "A text of " + fewest + " to " + most + " characters cannot be.");
    }
  }

  /** Ids of slides, tiles and scans. */
  public static TextRule id(String what) {
    return new TextRule(what, 1, 256);
  }

  /** Names of organs, scanners, scores and models. */
  public static TextRule name(String what) {
    return new TextRule(what, 1, 128);
  }

  /**
   * Says what is wrong with a text, in one sentence that does not repeat it.
   *
   * @param text to check
   * @return empty where it is allowed
   */
  public Optional<String> fault(String text) {
    if (text.length() < fewest || text.length() > most) {
      return Optional.of(
          "The field %s has %d characters; %d to %d are allowed."
              .formatted(what, text.length(), fewest, most));
    }
    if (fewest > 0 && text.isBlank()) {
      return Optional.of("The field " + what + " is blank.");
    }
    return text.codePoints()
        .filter(TextRule::isUnseen)
        .mapToObj(
            unseen ->
                "The field %s holds the character U+%04X, which cannot be seen; leave it out."
                    .formatted(what, unseen))
        .findFirst();
  }

  /** Control, bidirectional and zero-width characters, lone surrogates and the replacement mark. */
  private static boolean isUnseen(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          true;
      // Fillers and joiners that are letters or marks by category and still show nothing.
      default ->
          codePoint == 0xFFFD
              || codePoint == 0x034F
              || codePoint == 0x115F
              || codePoint == 0x1160
              || codePoint == 0x3164
              || codePoint == 0xFFA0;
    };
  }
}
