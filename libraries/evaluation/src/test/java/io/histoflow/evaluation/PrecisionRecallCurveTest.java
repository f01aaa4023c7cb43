package io.histoflow.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.Mask;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrecisionRecallCurveTest {

  @Test
  void shouldEqualTheCountsAtEveryThreshold() {
    // Given: also probabilities that lie exactly on a threshold
    Random random = new Random(1);
    float[] p = new float[4000];
    byte[] truth = new byte[p.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = i % 3 == 0 ? random.nextInt(1001) / 1000f : random.nextFloat();
      truth[i] = (byte) (random.nextFloat() < p[i] ? 1 : 0);
    }
    p[0] = 0;
    p[1] = 1;
    Mask mask = Mask.of(p.length, 1, truth);

    // When
    PrecisionRecallCurve curve = PrecisionRecallCurve.of(p, mask);

    // Then
    for (int i = 0; i <= 1000; i++) {
      double threshold = i / 1000.0;
      assertThat(curve.at(threshold))
          .as("%s", threshold)
          .isEqualTo(Confusion.of(p, mask, threshold));
    }
  }

  @Test
  void shouldFindThresholdAndRecallAtAPrecisionByHand() {
    // Given: at 0.85 precision 1, recall 1/4; at 0.65 2/3, 2/4; at 0.45 3/4, 3/4; at 0.15 4/8, 1
    float[] p = {0.9f, 0.7f, 0.7f, 0.5f, 0.2f, 0.2f, 0.2f, 0.2f};
    Mask truth = Mask.of(8, 1, new byte[] {1, 1, 0, 1, 1, 0, 0, 0});
    PrecisionRecallCurve curve = PrecisionRecallCurve.of(p, truth);

    // Then: precision 3/4 holds down to 0.2 exclusively, where a fourth positive comes with three
    // negatives; 3/5 is reached when a share s of them is in: (3 + s) / (4 + 4 s) = 3/5, s = 3/7
    assertThat(curve.recallAtPrecision(0.75)).hasValue(0.75);
    assertThat(curve.recallAtPrecision(0.5)).hasValue(1);
    assertThat(curve.recallAtPrecision(0.6).getAsDouble())
        .isCloseTo((3 + 3 / 7.0) / 4, within(1e-12));
    assertThat(curve.recallAtPrecision(1).getAsDouble()).isCloseTo(0.25, within(1e-12));
    assertThat(curve.thresholdAtPrecision(0.75).getAsDouble()).isBetween(0.2, 0.201);
    assertThat(curve.at(0.201).precision()).isEqualTo(0.75);
    assertThat(curve.thresholdAtPrecision(0.5)).hasValue(0);
  }

  @Test
  void shouldSayWhereAPrecisionIsNeverReached() {
    // Given: the surest pixel is a false alarm
    PrecisionRecallCurve curve =
        PrecisionRecallCurve.of(
            new float[] {0.9f, 0.8f, 0.1f}, Mask.of(3, 1, new byte[] {0, 1, 0}));

    // Then
    assertThat(curve.thresholdAtPrecision(0.6)).isEmpty();
    assertThat(curve.recallAtPrecision(0.6)).isEmpty();
    assertThat(curve.recallAtPrecision(0.5)).hasValue(1);
    assertThat(PrecisionRecallCurve.EMPTY.recallAtPrecision(0)).isEmpty();
  }

  @Test
  void shouldAverageThePrecisionAsSortingEveryPixelDoes() {
    // Given: distinct bins, so that the histogram loses nothing
    Random random = new Random(2);
    int n = 1000;
    float[] p = new float[n];
    byte[] truth = new byte[n];
    for (int i = 0; i < n; i++) {
      p[i] = (i + 0.5f) / n;
      truth[i] = (byte) (random.nextFloat() < 0.7 * p[i] ? 1 : 0);
    }

    // When
    double average = PrecisionRecallCurve.of(p, Mask.of(n, 1, truth)).averagePrecision();

    // Then: mean over the positives, from the surest, of the precision down to each
    Integer[] order = IntStream.range(0, n).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingDouble((Integer i) -> -p[i]));
    double sum = 0;
    int positives = 0;
    for (int rank = 0; rank < n; rank++) {
      if (truth[order[rank]] == 1) {
        positives++;
        sum += (double) positives / (rank + 1);
      }
    }
    assertThat(average).isCloseTo(sum / positives, within(1e-9));
  }

  @Test
  void shouldAddUpToTheCurveOfTheWhole() {
    // Given
    Random random = new Random(3);
    float[] p = new float[600];
    byte[] truth = new byte[600];
    for (int i = 0; i < 600; i++) {
      p[i] = random.nextFloat();
      truth[i] = (byte) random.nextInt(2);
    }

    // When
    PrecisionRecallCurve whole = PrecisionRecallCurve.of(p, Mask.of(600, 1, truth));
    PrecisionRecallCurve parts = PrecisionRecallCurve.EMPTY;
    for (int from = 0; from < 600; from += 150) {
      parts =
          parts.plus(
              PrecisionRecallCurve.of(
                  Arrays.copyOfRange(p, from, from + 150),
                  Mask.of(150, 1, Arrays.copyOfRange(truth, from, from + 150))));
    }

    // Then
    assertThat(parts.pixels()).isEqualTo(600);
    assertThat(parts.averagePrecision()).isEqualTo(whole.averagePrecision());
    assertThat(parts.at(0.37)).isEqualTo(whole.at(0.37));
    assertThat(parts.recallAtPrecision(0.5)).isEqualTo(whole.recallAtPrecision(0.5));
  }

  @Test
  void shouldRefuseWhatIsNoProbability() {
    assertThatThrownBy(
            () -> PrecisionRecallCurve.of(new float[] {Float.NaN}, Mask.of(1, 1, new byte[1])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
    assertThatThrownBy(
            () -> PrecisionRecallCurve.of(new float[] {1.01f}, Mask.of(1, 1, new byte[1])))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
