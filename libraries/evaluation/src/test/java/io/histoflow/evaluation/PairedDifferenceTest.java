package io.histoflow.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedDifferenceTest {

  @Test
  void shouldAverageOverImagesAndLeaveOutWhatIsUndefined() {
    // When
    PairedDifference difference =
        PairedDifference.of(List.of(0.1, 0.3, Double.NaN, 0.5), List.of("a", "a", "b", "c"), 1);

    // Then
    assertThat(difference.mean()).isCloseTo(0.3, within(1e-12));
    assertThat(difference.images()).isEqualTo(3);
    assertThat(difference.patients()).isEqualTo(2);
    assertThat(difference.low()).isCloseTo(0.2, within(1e-12));
    assertThat(difference.high()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void shouldGiveTheIntervalOfTheMeanWhereEachPatientHasOneImage() {
    // Given: 200 draws of a normal distribution, so that 1.96 / sqrt(200) is half the interval.
    Random random = new Random(1);
    List<Double> values = new ArrayList<>();
    List<String> patients = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      values.add(random.nextGaussian());
      patients.add("p" + i);
    }

    // When
    PairedDifference difference = PairedDifference.of(values, patients, 1);

    // Then
    assertThat(difference.high() - difference.low())
        .isCloseTo(2 * 1.96 / Math.sqrt(200), within(0.04));
    assertThat(difference.mean()).isBetween(difference.low(), difference.high());
  }

  @Test
  void shouldBeWiderWhereImagesOfOnePatientAgree() {
    // Given: ten values, twenty times each, as of ten patients and as of two hundred.
    List<Double> values = new ArrayList<>();
    List<String> ten = new ArrayList<>();
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      values.add((double) (i % 10));
      ten.add("p" + i % 10);
      many.add("p" + i);
    }

    // When
    PairedDifference clustered = PairedDifference.of(values, ten, 1);
    PairedDifference independent = PairedDifference.of(values, many, 1);

    // Then
    assertThat(clustered.high() - clustered.low())
        .isGreaterThan(3 * (independent.high() - independent.low()));
  }

  @Test
  void shouldBeUndefinedWithoutAnyValue() {
    assertThat(PairedDifference.of(List.of(Double.NaN), List.of("a"), 1).mean()).isNaN();
  }
}
