package io.histoflow.weights;

import io.histoflow.schemas.ContractData;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.segmentation.thresholds.MaskThreshold;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.util.Map;

/** Decides whether published weights are whole and fit the encoder that a service has. */
public final class WeightsVerifier {
  /** The highest version that counts; higher ones are no count that anybody arrived at. */
  public static final long HIGHEST_VERSION = 1L << 53;

  private static final double LEAST_THRESHOLD = 0.001;
  private static final double GREATEST_THRESHOLD = 0.999;

  private final Checkpoint shipped;

  /** Makes a verifier of weights for the encoder of a checkpoint. */
  public WeightsVerifier(Checkpoint shipped) {
    this.shipped = shipped;
  }

  /**
   * Checks weights and joins them with the encoder.
   *
   * @return a checkpoint ready to be run
   * @throws WeightsRejectedException when anything about them is wrong; the sentence says what
   */
  public Checkpoint verify(DecoderWeights weights) throws WeightsRejectedException {
    String which = "Weights version " + weights.getVersion() + " of " + weights.getModelId();
    if (!isVersion(weights.getVersion())) {
      throw new WeightsRejectedException(
          which + " are refused: the version must be 1 to " + HIGHEST_VERSION + ".");
    }
    if (!weights.getEncoderFingerprint().equalsIgnoreCase(shipped.encoderFingerprint())) {
      throw new WeightsRejectedException(
          "%s are refused: they were trained for the encoder %s, this service has %s."
              .formatted(which, weights.getEncoderFingerprint(), shipped.encoderFingerprint()));
    }
    byte[] safetensors = ContractData.bytes(weights.getSafetensors());
    String actual = Safetensors.sha256(safetensors);
    if (!actual.equalsIgnoreCase(weights.getSha256())) {
      throw new WeightsRejectedException(
          "%s are refused: their SHA-256 is %s but %s was published with them, so they are damaged."
              .formatted(which, actual, weights.getSha256()));
    }
    try {
      MaskThresholds thresholds = PublishedThresholds.read(weights);
      requireThresholds(which, thresholds);
      return shipped.withDecoder(safetensors, weights.getVersion(), thresholds);
    } catch (CheckpointRejectedException | IllegalArgumentException e) {
      throw new WeightsRejectedException(which + " are refused: " + e.getMessage(), e);
    }
  }

  /** Tells whether a number can be the version of published weights. */
  public static boolean isVersion(long number) {
    return number >= 1 && number <= HIGHEST_VERSION;
  }

  private static void requireThresholds(String which, MaskThresholds thresholds)
      throws WeightsRejectedException {
    requireThreshold(which, "the mask threshold", thresholds.pooled());
    for (Map.Entry<String, MaskThreshold> own : thresholds.organs().entrySet()) {
      requireThreshold(which, "the mask threshold of " + own.getKey(), own.getValue());
    }
  }

  private static void requireThreshold(String which, String what, MaskThreshold at)
      throws WeightsRejectedException {
    if (at.threshold() < LEAST_THRESHOLD || at.threshold() > GREATEST_THRESHOLD) {
      throw new WeightsRejectedException(
          "%s are refused: %s is %s, at which everything or nothing is positive; it must be %s to %s."
              .formatted(which, what, at.threshold(), LEAST_THRESHOLD, GREATEST_THRESHOLD));
    }
  }
}
