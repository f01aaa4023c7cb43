package io.histoflow.schemas;

import java.text.Normalizer;
import java.util.Locale;

/**
 * The one spelling of an organ's name: every topic, report and threshold uses it, however a scanner
 * writes the name.
 */
public final class OrganName {
  /** The organ of tiles whose scanner names none. */
  public static final String UNKNOWN = "unknown";

  private static final String COMBINING_DOT_ABOVE = "i\u0307";

  private OrganName() {}

  /**
   * Returns the name in Unicode's composed compatibility form (NFKC), in lower case by the rules of
   * no language, with single spaces between words and none around; {@link #UNKNOWN} where nothing
   * is left.
   *
   * @param name the organ as it was written
   */
  public static String of(String name) {
    // The Turkish capital I with dot becomes an i with a second dot above it.
    String lower =
        Normalizer.normalize(name, Normalizer.Form.NFKC)
            .toLowerCase(Locale.ROOT)
            .replace(COMBINING_DOT_ABOVE, "i");
    String spaced = lower.replaceAll("[\\p{Z}\\s]+", " ").strip();
    return spaced.isEmpty() ? UNKNOWN : spaced;
  }
}
