package io.histoflow.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.Mask;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MatchedComparisonTest {

  private static final int N = 20_000;

  @Test
  void shouldSeeNoGainInAMereShiftOfProbabilities() {
    // Given: a second model that is more daring by the same amount everywhere
    Scene scene = new Scene();
    float[] shifted = scene.noisy(0.25f, 8);
    float[] before = scene.noisy(0.25f, 8);
    for (int i = 0; i < N; i++) {
      shifted[i] = Math.min(1, before[i] * 0.9f + 0.1f);
    }

    // When
    MatchedComparison comparison =
        MatchedComparison.of(scene.curve(before), 0.5, scene.curve(shifted));

    // Then: recall at 0.5 rises, recall at the same precision does not
    assertThat(scene.curve(shifted).at(0.5).recall())
        .isGreaterThan(scene.curve(before).at(0.5).recall() + 0.01);
    assertThat(comparison.recallGain()).isCloseTo(0, within(0.002));
    assertThat(comparison.thresholdAfter()).isCloseTo(0.55, within(0.005));
  }

  @Test
  void shouldSeeTheGainOfASharperModel() {
    // Given
    Scene scene = new Scene();

    // When
    MatchedComparison comparison =
        MatchedComparison.of(
            scene.curve(scene.noisy(0.30f, 1)), 0.5, scene.curve(scene.noisy(0.20f, 2)));

    // Then
    assertThat(comparison.recallGain()).isPositive();
  }

  @Test
  void shouldCompareAModelWithItselfAtItsOwnOperatingPoint() {
    // Given
    Scene scene = new Scene();
    PrecisionRecallCurve curve = scene.curve(scene.noisy(0.3f, 4));

    // When
    MatchedComparison same = MatchedComparison.of(curve, 0.4, curve);

    // Then
    assertThat(same.matchedPrecision()).isEqualTo(curve.at(0.4).precision());
    assertThat(same.recallBefore()).isEqualTo(same.recallAfter());
    assertThat(same.recallBefore()).isCloseTo(curve.at(0.4).recall(), within(0.005));
  }

  @Test
  void shouldGiveNoRecallToAModelThatNeverReachesThePrecision() {
    // Given
    Mask truth = Mask.of(4, 1, new byte[] {1, 1, 0, 0});
    PrecisionRecallCurve good =
        PrecisionRecallCurve.of(new float[] {0.9f, 0.8f, 0.2f, 0.1f}, truth);
    PrecisionRecallCurve bad = PrecisionRecallCurve.of(new float[] {0.1f, 0.2f, 0.8f, 0.9f}, truth);

    // When
    MatchedComparison comparison = MatchedComparison.of(good, 0.5, bad);

    // Then
    assertThat(comparison.recallBefore()).isEqualTo(1);
    assertThat(comparison.recallAfter()).isZero();
    assertThat(comparison.thresholdAfter()).isNaN();
  }

  @Test
  void shouldSayNothingWhereNothingWasFoundBefore() {
    // Given
    PrecisionRecallCurve curve =
        PrecisionRecallCurve.of(new float[] {0.1f}, Mask.of(1, 1, new byte[] {1}));

    // Then
    assertThat(MatchedComparison.of(curve, 0.5, curve).recallAfter()).isNaN();
  }

  private static final class Scene {
    private final byte[] truth = new byte[N];

    Scene() {
      Random random = new Random(5);
      for (int i = 0; i < N; i++) {
        truth[i] = (byte) (random.nextInt(4) == 0 ? 1 : 0);
      }
    }

    float[] noisy(float sigma, long seed) {
      Random random = new Random(seed);
      float[] p = new float[N];
      for (int i = 0; i < N; i++) {
        float value = 0.25f + 0.5f * truth[i] + sigma * (float) random.nextGaussian();
        p[i] = Math.max(0.01f, Math.min(0.99f, value));
      }
      return p;
    }

    PrecisionRecallCurve curve(float[] probabilities) {
      return PrecisionRecallCurve.of(probabilities, Mask.of(N, 1, truth));
    }
  }
}
