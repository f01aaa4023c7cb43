package io.histoflow.segmentation.thresholds;

/**
 * A mask threshold and what it rests on.
 *
 * @param threshold probability above which a pixel is positive, 0..1
 * @param units images with a positive pixel on which it was calibrated for the weights at hand; 0
 *     where it was not, and guarantees nothing
 * @param falseNegativeRate mean over these units at the threshold, 0..1; NaN without units
 */
public record MaskThreshold(double threshold, int units, double falseNegativeRate) {

  /** Checks every field. */
  public MaskThreshold {
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException("the mask threshold must be in 0..1, not " + threshold);
    }
    if (units < 0) {
      throw new IllegalArgumentException("a mask threshold rests on 0 or more units, not " + units);
    }
    boolean isRate = falseNegativeRate >= 0 && falseNegativeRate <= 1;
    if (units > 0 ? !isRate : !Double.isNaN(falseNegativeRate)) {
      throw new IllegalArgumentException(
          "the false-negative rate of a mask threshold of %d units cannot be %s"
              .formatted(units, falseNegativeRate));
    }
  }

  /** Returns a threshold that was not calibrated. */
  public static MaskThreshold uncalibrated(double threshold) {
    return new MaskThreshold(threshold, 0, Double.NaN);
  }
}
