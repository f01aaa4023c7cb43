package io.histoflow.inference;

import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.MaskCalibration;
import io.histoflow.segmentation.calibration.MaskThreshold;
import io.histoflow.segmentation.calibration.MaskThresholds;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalDouble;

/** Decides whether published weights are whole and fit the encoder that this worker runs. */
final class WeightsVerifier {
  private final Checkpoint shipped;

  /**
   * @param shipped the checkpoint that brings the encoder
   */
  WeightsVerifier(Checkpoint shipped) {
    this.shipped = shipped;
  }

  /**
   * Checks weights and joins them with the encoder.
   *
   * @return a checkpoint ready to be run
   * @throws RejectedRecordException when anything about them is wrong; the sentence says what
   */
  Checkpoint verify(DecoderWeights weights) throws RejectedRecordException {
    String which = "Weights version " + weights.getVersion() + " of " + weights.getModelId();
    if (weights.getVersion() < 1) {
      throw new RejectedRecordException(which + " are refused: the version must be 1 or more.");
    }
    if (!weights.getEncoderFingerprint().equalsIgnoreCase(shipped.encoderFingerprint())) {
      throw new RejectedRecordException(
          which
              + " are refused: they were trained for the encoder "
              + weights.getEncoderFingerprint()
              + ", this worker runs "
              + shipped.encoderFingerprint()
              + ".");
    }
    byte[] safetensors = bytes(weights.getSafetensors());
    String actual = sha256(safetensors);
    if (!actual.equalsIgnoreCase(weights.getSha256())) {
      throw new RejectedRecordException(
          which
              + " are refused: their SHA-256 is "
              + actual
              + " but "
              + weights.getSha256()
              + " was published with them, so they are damaged.");
    }
    try {
      return shipped.withDecoder(safetensors, weights.getVersion(), thresholds(weights));
    } catch (CheckpointRejectedException | IllegalArgumentException e) {
      throw new RejectedRecordException(which + " are refused: " + e.getMessage(), e);
    }
  }

  /** One threshold for every organ where the publisher knew no others. */
  private static MaskThresholds thresholds(DecoderWeights weights) {
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

  private static double rate(Double published) {
    return published == null ? Double.NaN : published;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return copy;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
