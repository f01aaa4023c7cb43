package io.histoflow.weights;

import io.histoflow.schemas.DecoderWeights;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.checkpoint.Safetensors;
import java.nio.ByteBuffer;

/** Decides whether published weights are whole and fit the encoder that a service has. */
public final class WeightsVerifier {
  private final Checkpoint shipped;

  /**
   * Makes a verifier.
   *
   * @param shipped the checkpoint that brings the encoder
   */
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
    if (weights.getVersion() < 1) {
      throw new WeightsRejectedException(which + " are refused: the version must be 1 or more.");
    }
    if (!weights.getEncoderFingerprint().equalsIgnoreCase(shipped.encoderFingerprint())) {
      throw new WeightsRejectedException(
          which
              + " are refused: they were trained for the encoder "
              + weights.getEncoderFingerprint()
              + ", this service has "
              + shipped.encoderFingerprint()
              + ".");
    }
    byte[] safetensors = bytes(weights.getSafetensors());
    String actual = Safetensors.sha256(safetensors);
    if (!actual.equalsIgnoreCase(weights.getSha256())) {
      throw new WeightsRejectedException(
          which
              + " are refused: their SHA-256 is "
              + actual
              + " but "
              + weights.getSha256()
              + " was published with them, so they are damaged.");
    }
    try {
      return shipped.withDecoder(
          safetensors, weights.getVersion(), PublishedThresholds.read(weights));
    } catch (CheckpointRejectedException | IllegalArgumentException e) {
      throw new WeightsRejectedException(which + " are refused: " + e.getMessage(), e);
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return copy;
  }
}
