package io.histoflow.launcher;

import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.SegmentationQuality;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.segmentation.dataset.SyntheticTissue;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.ParameterGroup;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.model.Weights;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;

/** A network of the smallest width with random weights: nothing learned, but quick. */
final class TinyModel {
  private static final ClinSegNetConfig CONFIG =
      ClinSegNetConfig.standard(4, SyntheticTissue.organs());

  private TinyModel() {}

  static Checkpoint checkpoint() {
    return new Checkpoint(
        Weights.initial(CONFIG, 1),
        new CheckpointMetadata(0, 0.5, "nothing: random weights", "none", Map.of()));
  }

  /** Returns the record of a decoder that has moved a little: other masks, but plausible. */
  static DecoderWeights retrained(long version) {
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
    Checkpoint retrained = new Checkpoint(moved, checkpoint().metadata().with(version, 0.5));
    byte[] safetensors = retrained.decoderSafetensors();
    SegmentationQuality quality =
        SegmentationQuality.newBuilder().setImages(0).setThreshold(0.5).build();
    return DecoderWeights.newBuilder()
        .setModelId(retrained.modelId())
        .setVersion(version)
        .setParentVersion(0)
        .setEncoderFingerprint(retrained.encoderFingerprint())
        .setSha256(Safetensors.sha256(safetensors))
        .setSafetensors(ByteBuffer.wrap(safetensors))
        .setMaskThreshold(0.5)
        .setBefore(quality)
        .setAfter(quality)
        .setExamplesUsed(1)
        .setCreatedAt(Instant.now())
        .build();
  }
}
