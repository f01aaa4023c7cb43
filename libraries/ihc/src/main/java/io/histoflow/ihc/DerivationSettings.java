package io.histoflow.ihc;

import io.histoflow.ihc.registration.RegistrationSettings;

/**
 * When labels of a pair are believed; lengths are in pixels of images reduced to {@value
 * #MOST_PIXELS} a side.
 *
 * @param registration how the two are brought together
 * @param tolerance how far apart two channels may put the pair, in pixels
 * @param leastShare of the IHC that must be stained, 0..1: without a positive class its threshold
 *     means nothing
 */
public record DerivationSettings(
    RegistrationSettings registration, double tolerance, double leastShare) {

  /** The longer side at which sections are registered; larger ones are reduced to it. */
  public static final int MOST_PIXELS = 1280;

  /** Areas may grow or shrink by so much, as neighbouring sections do. */
  static final double LEAST_DETERMINANT = 0.85;

  static final double MOST_DETERMINANT = 1.18;

  /**
   * The error that any affine transform leaves on landmark pairs, as a share of the diagonal; see
   * studies/RESULTS.md.
   */
  static final double LEAST_ERROR = 0.0067;

  /** Checks every field. */
  public DerivationSettings {
    if (!(tolerance > 0) || !(leastShare >= 0 && leastShare < 1)) {
      throw new IllegalArgumentException(
          "the tolerance must be above 0 and the least share in 0..1");
    }
  }

  /** Returns those for tiles that were cut at the same place of both slides. */
  public static DerivationSettings tiles() {
    return new DerivationSettings(RegistrationSettings.tiles(), 16, 0.01);
  }

  /** Returns those for sections that lie anyhow on their slides. */
  public static DerivationSettings sections() {
    return new DerivationSettings(RegistrationSettings.sections(), 16, 0.01);
  }
}
