package io.histoflow.datasets.alignment;

/**
 * How far a mask must move to lie on its image.
 *
 * @param down in pixels, negative is up
 * @param right in pixels, negative is left
 * @param correlation of the mask as it lies with the amount of haematoxylin, -1..1; NaN where there
 *     is nothing to correlate
 * @param found whether the image says where its mask belongs; where not, the move is 0
 */
public record MaskOffset(double down, double right, double correlation, boolean found) {

  /** Checks every field. */
  public MaskOffset {
    if (!Double.isFinite(down) || !Double.isFinite(right)) {
      throw new IllegalArgumentException(
          "a mask cannot move by (%s, %s) pixels".formatted(down, right));
    }
    if (!found && (down != 0 || right != 0)) {
      throw new IllegalArgumentException("an offset that was not found must be 0");
    }
  }

  static MaskOffset none(double correlation) {
    return new MaskOffset(0, 0, correlation, false);
  }

  /** Returns the length of the move in pixels. */
  public double pixels() {
    return Math.hypot(down, right);
  }
}
