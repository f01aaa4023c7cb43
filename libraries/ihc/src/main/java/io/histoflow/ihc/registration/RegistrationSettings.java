package io.histoflow.ihc.registration;

/**
 * How two sections are brought together; lengths are in pixels of images of about 1,000 a side.
 *
 * @param turned whether one may lie turned against the other by any angle
 * @param reach the most pixels that a start is moved each way
 * @param stiffness what scale and shear cost, see {@link AffineFit}
 * @param spacing of the free form's control points
 * @param penalty on its bending, see {@link FreeFormFit}; 0 for an affine transform alone
 */
public record RegistrationSettings(
    boolean turned, int reach, double stiffness, double spacing, double penalty) {

  /** Checks every field. */
  public RegistrationSettings {
    if (reach < 16 || !(stiffness >= 0) || !(spacing >= 16) || !(penalty >= 0)) {
      throw new IllegalArgumentException(
          "a reach and a spacing of 16 pixels or more are needed, and costs of 0 or more");
    }
  }

  /** Returns those for whole sections that lie anyhow on their slides. */
  public static RegistrationSettings sections() {
    return new RegistrationSettings(true, 128, 0, 160, 0.1);
  }

  /** Returns those for tiles that were cut at the same place of both slides, the same way up. */
  public static RegistrationSettings tiles() {
    return new RegistrationSettings(false, 160, 1e-4, 160, 0.1);
  }

  /** Returns the same for an affine transform alone. */
  public RegistrationSettings withoutBending() {
    return new RegistrationSettings(turned, reach, stiffness, spacing, 0);
  }
}
