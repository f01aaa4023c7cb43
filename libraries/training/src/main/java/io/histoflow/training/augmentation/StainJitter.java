package io.histoflow.training.augmentation;

import io.histoflow.imaging.colour.StainMatrix;
import java.util.SplittableRandom;

/**
 * Stain augmentation in HED space (Tellez et al., 2018): the amounts of haematoxylin, eosin and a
 * residual are each scaled and shifted at random in optical density, then brightness and contrast.
 *
 * <p>Unmixing, jitter and mixing are one 3x3 matrix on optical densities.
 */
final class StainJitter {

  private final double strength;

  /**
   * Makes a jitter.
   *
   * @param strength largest relative change of a stain's amount, 0..1; 0 leaves pixels as they are
   */
  StainJitter(double strength) {
    this.strength = strength;
  }

  /** Changes interleaved RGB pixels in place. */
  void apply(byte[] rgb, SplittableRandom random) {
    if (strength == 0) {
      return;
    }
    double[] gain = new double[3];
    double[] shift = new double[3];
    for (int s = 0; s < 3; s++) {
      gain[s] = 1 + strength * (2 * random.nextDouble() - 1);
      shift[s] = 0.15 * strength * (2 * random.nextDouble() - 1);
    }
    double light = 1 + 0.4 * strength * (2 * random.nextDouble() - 1);
    StainMatrix.HED.scale(gain, shift, StainMatrix.HED).brightened(light).apply(rgb);
  }
}
