package io.histoflow.segmentation.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.NetworkRunner;
import io.histoflow.segmentation.inference.SegmentationInput;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WideningTest {

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void shouldComputeWhatTheNarrowerNetworkDoes(int width) {
    // Given
    Weights narrow = TestWeights.random(TestWeights.config(4), 5);
    RgbImage tile = new SyntheticTissue(1).tile("kidney", 0, 32).image();

    // When
    Weights wide = Widening.widen(narrow, TestWeights.config(width), 1);

    // Then
    float[] expected = probabilities(narrow, tile);
    float[] widened = probabilities(wide, tile);
    for (int i = 0; i < expected.length; i++) {
      assertThat(widened[i]).isCloseTo(expected[i], within(1e-5f));
    }
  }

  @Test
  void shouldGiveCopiesUnequalShares() {
    Weights wide =
        Widening.widen(TestWeights.random(TestWeights.config(4), 5), TestWeights.config(8), 1);

    float[] head = wide.values("head.mask.weight");

    assertThat(head[0]).isNotCloseTo(head[1], within(1e-6f));
    assertThat(head[0] * head[1]).as("both copies keep the sign").isPositive();
  }

  @Test
  void shouldRefuseAWidthThatIsNoMultipleAndAnotherNetwork() {
    Weights narrow = TestWeights.random(TestWeights.config(4), 5);

    assertThatThrownBy(() -> Widening.widen(narrow, TestWeights.config(12), 1))
        .hasMessageContaining("a network of width 4 cannot be widened to 12");
    assertThatThrownBy(
            () -> Widening.widen(narrow, ClinSegNetConfig.standard(8, List.of("breast")), 1))
        .hasMessageContaining("differs in more than its width");
  }

  private static float[] probabilities(Weights weights, RgbImage tile) {
    try (NetworkRunner runner = new NetworkRunner(weights, Compute.cpu())) {
      return runner.probabilities(List.of(new SegmentationInput(tile, "kidney"))).get(0);
    }
  }
}
