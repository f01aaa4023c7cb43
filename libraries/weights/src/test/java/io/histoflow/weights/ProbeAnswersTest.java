package io.histoflow.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.inference.TileNetwork;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.thresholds.MaskThreshold;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The model that ships, broken in one way after the other. */
class ProbeAnswersTest {
  private static final Checkpoint SHIPPED = Checkpoint.shipped();
  private static final ProbeAnswers KNOWN = answers(SHIPPED);

  @Test
  void shouldHaveNothingAgainstTheSameOrSlightlyOtherWeights() {
    // When / Then
    assertThat(why(SHIPPED)).isEmpty();
    assertThat(why(changed("decoder", values -> scaled(values, 1.02f)))).isEmpty();
    assertThat(why(SHIPPED.with(1, 0.5))).isEmpty();
    assertThat(why(SHIPPED.with(1, 0.1))).isEmpty();
  }

  @Test
  void shouldAskAboutTissueAtTheModelsResolution() {
    // Given the same weights, said to have learned at half of the resolution
    Checkpoint coarse =
        new Checkpoint(SHIPPED.weights(), SHIPPED.metadata().withMicronsPerPixel(0.5));
    List<Integer> widths = new ArrayList<>();
    try (Segmenter segmenter = Segmenter.open(coarse, Compute.cpu())) {
      TileNetwork network =
          new TileNetwork() {
            @Override
            public List<Segmentation> segment(List<SegmentationInput> inputs) {
              inputs.forEach(input -> widths.add(input.image().width()));
              return segmenter.segment(inputs);
            }

            @Override
            public float[] probabilities(RgbImage image, String organ) {
              return segmenter.probabilities(image, organ);
            }

            @Override
            public Checkpoint checkpoint() {
              return coarse;
            }

            @Override
            public void close() {}
          };
      // When
      ProbeAnswers unused = ProbeAnswers.of(network, List.of("kidney", "lung"));
    }
    // Then tissue is drawn at 0.25 um/px, and glass has no size
    assertThat(widths).containsExactly(48, 48, 96);
  }

  @Test
  void shouldRefuseWeightsThatFindNothing() {
    // When / Then
    assertThat(why(changed("head.mask.bias", values -> new float[] {-50})))
        .hasValueSatisfying(
            why -> assertThat(why).startsWith("on tissue they find next to nothing"));
    assertThat(why(SHIPPED.with(1, 0.999999)))
        .hasValueSatisfying(why -> assertThat(why).contains("next to nothing"));
  }

  @Test
  void shouldRefuseWeightsThatCallEverythingPositive() {
    // When / Then
    assertThat(why(changed("head.mask.bias", values -> new float[] {50})))
        .hasValueSatisfying(
            why -> assertThat(why).startsWith("on tissue they call nearly everything positive"));
  }

  @Test
  void shouldRefuseMasksThatAreTheWrongWayRound() {
    // When / Then
    assertThat(why(changed("head.mask.", values -> scaled(values, -1)))).isPresent();
  }

  @Test
  void shouldRefuseAThresholdThatSilencesOneOrgan() {
    // Given
    MaskThresholds thresholds =
        new MaskThresholds(
            OptionalDouble.empty(),
            MaskThreshold.uncalibrated(0.3),
            Map.of("kidney", MaskThreshold.uncalibrated(0.9999999)));
    // When / Then
    assertThat(why(SHIPPED.with(1, thresholds)))
        .hasValueSatisfying(why -> assertThat(why).contains("kidney they find nothing"));
  }

  @Test
  void shouldRefuseAnswersThatAreNoNumbers() {
    // When / Then
    assertThat(why(changed("decoder", values -> scaled(values, 1e30f))))
        .hasValueSatisfying(why -> assertThat(why).contains("they give no probabilities"));
  }

  private static Optional<String> why(Checkpoint candidate) {
    return answers(candidate).whyImplausible(KNOWN);
  }

  private static ProbeAnswers answers(Checkpoint checkpoint) {
    try (Segmenter segmenter = Segmenter.open(checkpoint, Compute.cpu())) {
      return ProbeAnswers.of(segmenter, SHIPPED.config().organs());
    }
  }

  private static Checkpoint changed(String prefix, UnaryOperator<float[]> change) {
    return new Checkpoint(
        SHIPPED
            .weights()
            .map(
                (spec, tensor) ->
                    spec.name().startsWith(prefix)
                        ? new WeightTensor(tensor.shape(), change.apply(tensor.values()))
                        : tensor),
        SHIPPED.metadata());
  }

  private static float[] scaled(float[] values, float factor) {
    float[] scaled = values.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }
}
