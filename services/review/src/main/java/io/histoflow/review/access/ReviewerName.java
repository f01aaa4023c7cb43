package io.histoflow.review.access;

import io.histoflow.schemas.TextRule;
import java.text.Normalizer;
import java.util.Optional;

/**
 * The one spelling of a reviewer's name: composed (NFC), without space around it, so that two
 * spellings that look alike are one person.
 */
public final class ReviewerName {
  private static final TextRule RULE = TextRule.name("reviewer");
  // Composing makes a text shorter by less than this; a longer one is too long however it is spelt.
  private static final int MOST_SPELT = 4 * RULE.most();

  private ReviewerName() {}

  /** Returns the name as it is stored and compared. */
  public static String of(String text) {
    String name = text.strip();
    return name.length() > MOST_SPELT ? name : Normalizer.normalize(name, Normalizer.Form.NFC);
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
}
