package io.histoflow.access;

import io.histoflow.schemas.TextRule;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one spelling of a reviewer's name: composed (NFC), without space around it, so that two
 * spellings that look alike are one person.
 */
public final class ReviewerName {
  private static final TextRule RULE = TextRule.name("reviewer");
  // Composing makes a text shorter by less than this; a longer one is too long however it is spelt.
  private static final int MOST_SPELT = 4 * RULE.most();

  /** User names have dots and hyphens where names have spaces. */
  private static final Pattern WORDS_END = Pattern.compile("(?<=.)[\\s._-]+(?=.)");

  private ReviewerName() {}

  /** Returns the name as it is stored and compared. */
  public static String of(String text) {
    String name = text.strip();
    return name.length() > MOST_SPELT ? name : Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  /** Returns one or two letters for a name: of its first and its last word, or of its only one. */
  public static String initials(String name) {
    String[] words = WORDS_END.split(name.strip(), -1);
    String first = words[0];
    String letters =
        words.length > 1
            ? letter(first, 0) + letter(words[words.length - 1], 0)
            : letter(first, 0) + letter(first, 1);
    return letters.toUpperCase(Locale.ROOT);
  }

  /**
   * Says what is wrong with a name, in one sentence.
   *
   * @param name as {@link #of} returns it
   * @return empty where it is allowed: 1 to 128 characters that can be seen
   */
  public static Optional<String> fault(String name) {
    return RULE.fault(name);
  }

  private static String letter(String word, int index) {
    return word.codePoints()
        .skip(index)
        .limit(1)
        .mapToObj(Character::toString)
        .findFirst()
        .orElse("");
  }
}
