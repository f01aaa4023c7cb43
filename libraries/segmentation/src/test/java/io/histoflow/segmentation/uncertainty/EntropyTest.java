package io.histoflow.segmentation.uncertainty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.segmentation.inference.Segmentation;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntropyTest {

  @Test
  void shouldMeasureInBits() {
    assertThat(Entropy.bits(0.5)).isEqualTo(1);
    assertThat(Entropy.bits(0)).isZero();
    assertThat(Entropy.bits(1)).isZero();
    assertThat(Entropy.bits(0.25)).isCloseTo(0.8112781, within(1e-7));
    assertThat(Entropy.bits(0.9)).isCloseTo(0.4689956, within(1e-7));
  }

  @Test
  void shouldInterpolateWithinAMillionthOfABit() {
    for (float p = 0; p <= 1; p += 1e-5f) {
      assertThat((double) Entropy.bits(p)).isCloseTo(Entropy.bits((double) p), within(1e-6));
    }
    for (float p = 1; p > 1e-30f; p *= 0.7f) {
      assertThat((double) Entropy.bits(p)).isCloseTo(Entropy.bits((double) p), within(1e-6));
      assertThat((double) Entropy.bits(1 - p)).isCloseTo(Entropy.bits(1.0 - p), within(1e-6));
    }
    assertThat(Entropy.bits(0.5f)).isEqualTo(1);
    assertThat(Entropy.bits(0f)).isZero();
    assertThat(Entropy.bits(1f)).isZero();
  }

  @Test
  void shouldWeighDoubtByTheProbabilityOfBeingPositive() {
    // Given: entropies 1, 0, 0 and 0.8112781 at probabilities 0.5, 1, 0 and 0.25
    float[] probabilities = {0.5f, 1f, 0f, 0.25f};

    // When, Then
    assertThat(Entropy.positive(probabilities))
        .isCloseTo((0.5 * 1 + 0.25 * 0.8112781) / 4, within(1e-6));
  }

  @Test
  void shouldPartEntropyByTheMask() {
    // Given: 0.5 and 1 lie above 0.3, 0.25 and 0 do not
    float[] probabilities = {0.5f, 1f, 0f, 0.25f};

    // When, Then
    assertThat(Entropy.mask(probabilities, 0.3)).isCloseTo(1.0 / 4, within(1e-6));
    assertThat(Entropy.background(probabilities, 0.3)).isCloseTo(0.8112781 / 4, within(1e-6));
    assertThat(Entropy.mask(probabilities, 0.3) + Entropy.background(probabilities, 0.3))
        .isCloseTo(Entropy.mean(probabilities), within(1e-6));
  }

  @Test
  void shouldLeaveOutWhatLiesAtTheBoundaryOfTheMask() {
    // Given: one row; the mask begins at the fifth pixel
    float[] row = {0.25f, 0.25f, 0.25f, 0.25f, 0.5f, 0.5f, 0.5f};

    // When, Then: within 2 pixels of the other side lie the third to the sixth
    assertThat(Entropy.awayFromBoundary(row, 7, 0.3, 2))
        .isCloseTo((2 * 0.8112781 + 1) / 7, within(1e-6));

    // The same as a column
    assertThat(Entropy.awayFromBoundary(row, 1, 0.3, 2))
        .isCloseTo((2 * 0.8112781 + 1) / 7, within(1e-6));
  }

  @Test
  void shouldAverageOverAllPixels() {
    assertThat(Entropy.mean(new float[] {0.5f, 1f, 0f, 0.25f}))
        .isCloseTo((1 + 0.8112781) / 4, within(1e-6));
  }

  @Test
  void shouldNotAverageASmallDoubtfulSpotAway() {
    // Given: 3 doubtful pixels on an otherwise certain tile of 256.
    float[] probabilities = new float[256];
    probabilities[7] = 0.5f;
    probabilities[100] = 0.25f;
    probabilities[255] = 0.9f;

    // When
    double tail = Entropy.tail(probabilities);

    // Then: 1 % of 256 rounded up is 3.
    assertThat(tail).isCloseTo((1 + 0.8112781 + 0.4689956) / 3, within(1e-6));
    assertThat(Entropy.mean(probabilities)).isLessThan(0.01);
  }

  @Test
  void shouldTakeOnePixelAtLeast() {
    assertThat(Entropy.tail(new float[] {0.5f})).isEqualTo(1);
    assertThat(Entropy.tail(new float[] {0f, 1f})).isZero();
  }

  @Test
  void shouldPickTheSamePixelsAsASortDoes() {
    // Given
    Random random = new Random(4);
    float[] probabilities = new float[5000];
    for (int i = 0; i < probabilities.length; i++) {
      // Rounding makes ties, also at the border of the tail.
      probabilities[i] = Math.round(random.nextFloat() * 50) / 50f;
    }
    double[] entropies = new double[probabilities.length];
    for (int i = 0; i < entropies.length; i++) {
      entropies[i] = Entropy.bits(probabilities[i]);
    }
    Arrays.sort(entropies);
    double expected = Arrays.stream(entropies).skip(4950).average().orElseThrow();

    // When
    double tail = Entropy.tail(probabilities);

    // Then
    assertThat(tail).isCloseTo(expected, within(1e-6));
  }

  @Test
  void shouldCountAPixelAboveTheThresholdOnly() {
    // Given
    Segmentation segmentation =
        new Segmentation(2, 2, new float[] {0.5f, 0.25f, 0.75f, 1f}, 0.5, "kidney");

    // When, Then
    assertThat(segmentation.mask().values()).containsExactly(0, 0, 1, 1);
    assertThat(segmentation.positiveFraction()).isEqualTo(0.5);
  }
}
