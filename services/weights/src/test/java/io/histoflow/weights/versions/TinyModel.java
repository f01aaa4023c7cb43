package io.histoflow.weights.versions;

import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.SegmentationQuality;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.ParameterGroup;
import io.histoflow.segmentation.model.Weights;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Networks of the smallest width with random weights; each seed is a model of its own. */
final class TinyModel {
  private static final ClinSegNetConfig CONFIG =
      ClinSegNetConfig.standard(4, List.of("unknown", "kidney"));

  private TinyModel() {}

  static Checkpoint shipped(long seed) {
    return new Checkpoint(
        Weights.initial(CONFIG, seed),
        new CheckpointMetadata(0, 0.5, "nothing: random weights", "none", Map.of()));
  }

  /** Returns weights of the model with a decoder of their own. */
  static DecoderWeights.Builder weights(Checkpoint shipped, long version) {
    Weights other = Weights.initial(shipped.config(), 1_000 + version);
    Checkpoint retrained =
        new Checkpoint(
            other.map(
                (spec, tensor) ->
                    spec.group() == ParameterGroup.ENCODER
                        ? shipped.weights().tensors().get(spec.name())
                        : tensor),
            shipped.metadata());
    byte[] safetensors = retrained.decoderSafetensors();
    SegmentationQuality quality =
        SegmentationQuality.newBuilder().setImages(4).setThreshold(0.5).build();
    return DecoderWeights.newBuilder()
        .setModelId(shipped.modelId())
        .setVersion(version)
        .setParentVersion(version - 1)
        .setEncoderFingerprint(shipped.encoderFingerprint())
        .setSha256(Safetensors.sha256(safetensors))
        .setSafetensors(ByteBuffer.wrap(safetensors))
        .setMaskThreshold(0.4)
        .setBefore(quality)
        .setAfter(quality)
        .setExamplesUsed(12)
        .setCreatedAt(Instant.ofEpochMilli(1_700_000_000_000L));
  }
}
