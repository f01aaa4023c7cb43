package io.histoflow.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.MaskCalibration;
import io.histoflow.schemas.OrganMaskThreshold;
import io.histoflow.schemas.SegmentationQuality;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.segmentation.model.WeightTensor;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsVerifierTest {
  private static final Checkpoint SHIPPED = Checkpoint.shipped();

  private final WeightsVerifier verifier = new WeightsVerifier(SHIPPED);

  @Test
  void shouldJoinSoundWeightsWithTheEncoder() throws Exception {
    // When / Then
    assertThat(verifier.verify(weights(SHIPPED).build()).version()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, (1L << 53) + 1, Long.MAX_VALUE})
  void shouldRefuseAVersionThatNobodyCountedTo(long version) {
    assertThatExceptionOfType(WeightsRejectedException.class)
        .isThrownBy(() -> verifier.verify(weights(SHIPPED).setVersion(version).build()))
        .withMessageEndingWith("are refused: the version must be 1 to 9007199254740992.");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 0, 0.0001, 0.9999, 1, 2, Double.NaN, Double.POSITIVE_INFINITY})
  void shouldRefuseAThresholdAtWhichEverythingOrNothingIsPositive(double threshold) {
    // Given
    MaskCalibration calibration =
        MaskCalibration.newBuilder()
            .setOrgans(Map.of("kidney", new OrganMaskThreshold(threshold, 0, null)))
            .build();
    // When / Then
    assertThatExceptionOfType(WeightsRejectedException.class)
        .isThrownBy(() -> verifier.verify(weights(SHIPPED).setMaskThreshold(threshold).build()));
    assertThatExceptionOfType(WeightsRejectedException.class)
        .isThrownBy(() -> verifier.verify(weights(SHIPPED).setCalibration(calibration).build()));
  }

  @ParameterizedTest
  @ValueSource(floats = {1e30f, -1e7f, Float.NaN, Float.NEGATIVE_INFINITY})
  void shouldRefuseValuesThatNoTrainingLeadsTo(float value) {
    // Given
    Checkpoint broken = with("head.mask.bias", value);
    // When / Then
    assertThatExceptionOfType(WeightsRejectedException.class)
        .isThrownBy(() -> verifier.verify(weights(broken).build()))
        .withMessageContaining("head.mask.bias");
  }

  @Test
  void shouldRefuseAVarianceBelowZero() {
    assertThatExceptionOfType(WeightsRejectedException.class)
        .isThrownBy(() -> verifier.verify(weights(with("decoder.0.bn1.runningVar", -1)).build()))
        .withMessageContaining("decoder.0.bn1.runningVar");
  }

  private static Checkpoint with(String name, float value) {
    return new Checkpoint(
        SHIPPED
            .weights()
            .map(
                (spec, tensor) -> {
                  if (!spec.name().equals(name)) {
                    return tensor;
                  }
                  float[] values = tensor.values().clone();
                  values[0] = value;
                  return new WeightTensor(tensor.shape(), values);
                }),
        SHIPPED.metadata());
  }

  private static DecoderWeights.Builder weights(Checkpoint of) {
    byte[] safetensors = of.decoderSafetensors();
    SegmentationQuality quality =
        SegmentationQuality.newBuilder().setImages(4).setThreshold(0.5).build();
    return DecoderWeights.newBuilder()
        .setModelId(of.modelId())
        .setVersion(1)
        .setParentVersion(0)
        .setEncoderFingerprint(of.encoderFingerprint())
        .setSha256(Safetensors.sha256(safetensors))
        .setSafetensors(ByteBuffer.wrap(safetensors))
        .setMaskThreshold(0.3)
        .setBefore(quality)
        .setAfter(quality)
        .setExamplesUsed(1)
        .setCreatedAt(Instant.EPOCH);
  }
}
