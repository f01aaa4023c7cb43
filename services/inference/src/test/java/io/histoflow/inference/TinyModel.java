package io.histoflow.inference;

import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.SegmentationQuality;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.dataset.SyntheticTissue;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.ParameterGroup;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.model.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** A network of the smallest width with random weights: nothing learned, but quick. */
final class TinyModel {
  private static final ClinSegNetConfig CONFIG =
      ClinSegNetConfig.standard(4, SyntheticTissue.organs());

  static final String ID = checkpoint().modelId();

  private TinyModel() {}

  static Checkpoint checkpoint() {
    return new Checkpoint(
        Weights.initial(CONFIG, 1),
        new CheckpointMetadata(0, 0.5, "nothing: random weights", "none", Map.of()));
  }

  static Path save(Path file) throws IOException {
    checkpoint().save(file);
    return file;
  }

  /**
   * Returns the same encoder with a decoder that has moved a little: other masks, but plausible.
   */
  static Checkpoint retrained(long version) {
    Weights moved =
        checkpoint()
            .weights()
            .map(
                (spec, tensor) -> {
                  if (spec.group() == ParameterGroup.ENCODER || spec.shape().size() != 4) {
                    return tensor;
                  }
                  float[] values = tensor.values().clone();
                  values[0] += version * 1e-3f;
                  return new WeightTensor(tensor.shape(), values);
                });
    return new Checkpoint(moved, checkpoint().metadata().with(version, 0.5));
  }

  /** Returns weights of which each is a number that can be, and whose answers are none. */
  static Checkpoint overflowing(long version) {
    Weights large =
        checkpoint()
            .weights()
            .map(
                (spec, tensor) -> {
                  if (spec.group() != ParameterGroup.DECODER || spec.shape().size() != 4) {
                    return tensor;
                  }
                  float[] values = tensor.values().clone();
                  for (int i = 0; i < values.length; i++) {
                    values[i] *= 1e5f;
                  }
                  return new WeightTensor(tensor.shape(), values);
                });
    return new Checkpoint(large, checkpoint().metadata().with(version, 0.5));
  }

  static DecoderWeights.Builder weights(Checkpoint checkpoint) {
    byte[] safetensors = checkpoint.decoderSafetensors();
    SegmentationQuality quality =
        SegmentationQuality.newBuilder().setImages(0).setThreshold(0.5).build();
    return DecoderWeights.newBuilder()
        .setModelId(checkpoint.modelId())
        .setVersion(checkpoint.version())
        .setParentVersion(0)
        .setEncoderFingerprint(checkpoint.encoderFingerprint())
        .setSha256(sha256(safetensors))
        .setSafetensors(ByteBuffer.wrap(safetensors))
        .setMaskThreshold(checkpoint.maskThreshold())
        .setBefore(quality)
        .setAfter(quality)
        .setExamplesUsed(1)
        .setCreatedAt(TestTiles.SCANNED_AT);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
