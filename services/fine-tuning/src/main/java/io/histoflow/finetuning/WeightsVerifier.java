package io.histoflow.finetuning;

import io.histoflow.schemas.DecoderWeights;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import java.nio.ByteBuffer;

/** Decides whether published weights are whole and fit the encoder that this service trains. */
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
              + ", this service has "
              + shipped.encoderFingerprint()
              + ".");
    }
    byte[] safetensors = bytes(weights.getSafetensors());
    String actual = Sha256.hex(safetensors);
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
      return shipped.withDecoder(
          safetensors, weights.getVersion(), PublishedThresholds.read(weights));
    } catch (CheckpointRejectedException | IllegalArgumentException e) {
      throw new RejectedRecordException(which + " are refused: " + e.getMessage(), e);
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return copy;
  }
}
