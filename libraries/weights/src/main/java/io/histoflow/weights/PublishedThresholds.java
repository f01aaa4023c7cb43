package io.histoflow.weights;

import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.MaskCalibration;
import io.histoflow.schemas.OrganMaskThreshold;
import io.histoflow.segmentation.thresholds.MaskThreshold;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Mask thresholds as they are published with weights. */
public final class PublishedThresholds {
  private PublishedThresholds() {}

  /** Returns what is published beside the pooled threshold itself. */
  public static MaskCalibration write(MaskThresholds thresholds) {
    Map<String, OrganMaskThreshold> organs = new HashMap<>();
    thresholds
        .organs()
        .forEach(
            (organ, own) ->
                organs.put(organ, new OrganMaskThreshold(own.threshold(), own.units(), rate(own))));
    return MaskCalibration.newBuilder()
        .setLevel(thresholds.level().isPresent() ? thresholds.level().getAsDouble() : null)
        .setUnits(thresholds.pooled().units())
        .setFalseNegativeRate(rate(thresholds.pooled()))
        .setOrgans(organs)
        .build();
  }

  /**
   * Returns the thresholds of published weights; one for every organ where their publisher knew no
   * others.
   *
   * @throws IllegalArgumentException where they cannot be used; the message says why
   */
  public static MaskThresholds read(DecoderWeights weights) {
    MaskCalibration calibration = weights.getCalibration();
    if (calibration == null) {
      return MaskThresholds.uncalibrated(weights.getMaskThreshold());
    }
    Map<String, MaskThreshold> organs = new HashMap<>();
    calibration
        .getOrgans()
        .forEach(
            (organ, own) ->
                organs.put(
                    organ,
                    new MaskThreshold(
                        own.getThreshold(), own.getUnits(), rate(own.getFalseNegativeRate()))));
    return new MaskThresholds(
        calibration.getLevel() == null
            ? OptionalDouble.empty()
            : OptionalDouble.of(calibration.getLevel()),
        new MaskThreshold(
            weights.getMaskThreshold(),
            calibration.getUnits(),
            rate(calibration.getFalseNegativeRate())),
        organs);
  }

  private static Double rate(MaskThreshold threshold) {
    return threshold.units() == 0 ? null : threshold.falseNegativeRate();
  }

  private static double rate(Double published) {
    return published == null ? Double.NaN : published;
  }
}
