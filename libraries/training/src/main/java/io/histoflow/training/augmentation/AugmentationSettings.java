package io.histoflow.training.augmentation;

/**
 * How training crops are changed at random, so that a network does not learn one laboratory's
 * stain, focus and orientation by heart. Flips and quarter turns always happen.
 *
 * @param positiveShare share of the crops that are placed so that they hold a random positive pixel
 *     where the tile has any, 0..1: on a nearly empty tile a blind crop shows no lesion
 * @param warpShare share of the crops that are scaled and turned by any angle, 0..1
 * @param scale largest factor by which such a crop is enlarged or reduced, 1..2
 * @param elasticShare share of the warped crops that are bent elastically as well, 0..1
 * @param elasticPixels standard deviation of the bend's control points in pixels, 0..20
 * @param stainJitter largest relative change of a stain's amount in HED space, 0..1; a fifth of it
 *     shifts the stains, two fifths the brightness
 * @param contrast largest factor by which densities are stretched or compressed after the input's
 *     own normalisation, and its square root the largest power to which they are raised, 1..2; for
 *     inputs of one channel: how dense a tile's densest pixels are says nothing of its nuclei
 * @param blurShare share of the crops that are blurred, 0..1
 * @param blurPixels largest standard deviation of the blur in pixels, 0..5
 */
public record AugmentationSettings(
    double positiveShare,
    double warpShare,
    double scale,
    double elasticShare,
    double elasticPixels,
    double stainJitter,
    double contrast,
    double blurShare,
    double blurPixels) {

  /** Checks every field. */
  public AugmentationSettings {
    share("positive share", positiveShare);
    share("warp share", warpShare);
    share("elastic share", elasticShare);
    share("stain jitter", stainJitter);
    share("blur share", blurShare);
    within("scale", scale, 1, 2);
    within("contrast", contrast, 1, 2);
    within("elastic displacement", elasticPixels, 0, 20);
    within("blur", blurPixels, 0, 5);
  }

  /**
   * Returns what training from scratch uses: wide enough for laboratories that are not among the
   * data, which costs some precision on those that are.
   */
  public static AugmentationSettings standard() {
    return new AugmentationSettings(0.5, 0.7, 1.5, 0.5, 3, 0.3, 1.4, 0.15, 1.2);
  }

  /**
   * Returns what fine-tuning uses: no bend and no blur, for a few tiles are learned in a few steps.
   *
   * @param stainJitter largest relative change of a stain's amount, 0..1
   */
  public static AugmentationSettings gentle(double stainJitter) {
    return new AugmentationSettings(0.5, 0.5, 1.25, 0, 0, stainJitter, 1, 0, 0);
  }

  private static void share(String name, double value) {
    within(name, value, 0, 1);
  }

  private static void within(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "the augmentation's %s must be in %s..%s, not %s".formatted(name, least, most, value));
    }
  }
}
