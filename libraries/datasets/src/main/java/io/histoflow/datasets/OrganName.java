package io.histoflow.datasets;

import java.text.Normalizer;
import java.util.Locale;

/**
 * The one spelling of an organ's name in data sets and models. Topics have the same rule ({@code
 * OrganName} of the contracts), which data sets cannot see; a test holds the two together.
 */
public final class OrganName {
  /** The organ of which nothing is known. */
  public static final String UNKNOWN = "unknown";

  private OrganName() {}

  /**
   * Returns the name in Unicode's composed compatibility form (NFKC) and in lower case by the rules
   * of no language, with single spaces between words and none around; {@link #UNKNOWN} where
   * nothing is left.
   */
  public static String of(String organ) {
    // The Turkish capital I with dot becomes an i with a second dot above it.
    String lower =
        Normalizer.normalize(organ, Normalizer.Form.NFKC)
            .toLowerCase(Locale.ROOT)
            .replace("i\u0307", "i");
    String name = lower.replaceAll("[\\p{Z}\\s]+", " ").strip();
    return name.isEmpty() ? UNKNOWN : name;
  }
}
