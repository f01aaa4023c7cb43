package io.histoflow.weights.testing;

import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.SegmentationQuality;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.ParameterGroup;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.model.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Networks of the smallest width with random weights: nothing learned, but quick. */
public final class TinyModel {
  /** What a network knows and how large it is. */
  public static final ClinSegNetConfig CONFIG =
      ClinSegNetConfig.standard(4, SyntheticTissue.organs());

  /** The id of {@link #checkpoint()}. */
  public static final String ID = checkpoint().modelId();

  private TinyModel() {}

  /** Returns the network that most tests use. */
  public static Checkpoint checkpoint() {
    return checkpoint(1);
  }

  /** Returns a network of its own for every seed. */
  public static Checkpoint checkpoint(long seed) {
    return new Checkpoint(
        Weights.initial(CONFIG, seed),
        new CheckpointMetadata(0, 0.5, "nothing: random weights", "none", Map.of()));
  }

  /** Saves {@link #checkpoint()} in a file and returns the file. */
  public static Path save(Path file) throws IOException {
    checkpoint().save(file);
    return file;
  }

  /** Returns {@link #checkpoint()} with a decoder that has moved: other masks, but plausible. */
  public static Checkpoint retrained(long version) {
    return retrained(checkpoint(), version);
  }

  /** Returns a network with a decoder that has moved a little, by the version. */
  public static Checkpoint retrained(Checkpoint model, long version) {
    return new Checkpoint(
        changed(model, ParameterGroup.DECODER, values -> moved(values, version * 1e-3f)),
        model.metadata().with(version, 0.5));
  }

  /** Returns weights of which each is a number that can be, and whose answers are none. */
  public static Checkpoint overflowing(long version) {
    Weights large =
        changed(
            checkpoint(),
            ParameterGroup.DECODER,
            values -> {
              for (int i = 0; i < values.length; i++) {
                values[i] *= 1e5f;
              }
              return values;
            });
    return new Checkpoint(large, checkpoint().metadata().with(version, 0.5));
  }

  /** Returns the same network with its encoder changed a little: another model. */
  public static Checkpoint variant(Checkpoint model, int number) {
    return new Checkpoint(
        changed(model, ParameterGroup.ENCODER, values -> moved(values, number * 1e-5f)),
        model.metadata());
  }

  /** Returns the record that publishes the network's decoder. */
  public static DecoderWeights.Builder weights(Checkpoint checkpoint) {
    byte[] safetensors = checkpoint.decoderSafetensors();
    SegmentationQuality quality =
        SegmentationQuality.newBuilder().setImages(4).setThreshold(0.5).build();
    return DecoderWeights.newBuilder()
        .setModelId(checkpoint.modelId())
        .setVersion(checkpoint.version())
        .setParentVersion(0)
        .setEncoderFingerprint(checkpoint.encoderFingerprint())
        .setSha256(Safetensors.sha256(safetensors))
        .setSafetensors(ByteBuffer.wrap(safetensors))
        .setMaskThreshold(checkpoint.maskThreshold())
        .setBefore(quality)
        .setAfter(quality)
        .setExamplesUsed(12)
        .setCreatedAt(Instant.ofEpochMilli(1_700_000_000_000L));
  }

  private static Weights changed(
      Checkpoint model, ParameterGroup group, UnaryOperator<float[]> change) {
    return model
        .weights()
        .map(
            (spec, tensor) ->
                spec.group() == group && spec.shape().size() == 4
                    ? new WeightTensor(tensor.shape(), change.apply(tensor.values().clone()))
                    : tensor);
  }

  private static float[] moved(float[] values, float by) {
    values[0] += by;
    return values;
  }
}
