package io.histoflow.ihc.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PlaneTest {

  @Test
  void shouldBeLinearBetweenPixels() {
    // Given
    Plane plane = Plane.of(2, 2, new float[] {0, 1, 2, 5});

    // When // Then
    assertThat(plane.at(0.5, 0)).isEqualTo(0.5f);
    assertThat(plane.at(0.5, 0.5)).isEqualTo(2f);
    assertThat(plane.at(1, 1)).isEqualTo(5f);
    assertThat(plane.holds(1.01, 0)).isFalse();
  }

  @Test
  void shouldReduceToMeansOfSquares() {
    // Given
    Plane plane = Plane.of(5, 2, new float[] {0, 1, 2, 3, 9, 4, 5, 6, 7, 9});

    // When
    Plane reduced = plane.reduced(2);

    // Then
    assertThat(reduced.width()).isEqualTo(2);
    assertThat(reduced.values()).containsExactly(2.5f, 4.5f);
    assertThatThrownBy(() -> plane.reduced(3)).hasMessageContaining("cannot be reduced by 3");
  }

  @Test
  void shouldBlurAPointIntoAGaussian() {
    // Given
    float[] point = new float[41 * 41];
    point[20 * 41 + 20] = 1;

    // When
    Plane blurred = Plane.of(41, 41, point).blurred(2);

    // Then
    double peak = 1 / (2 * Math.PI * 4);
    assertThat((double) blurred.at(20, 20)).isCloseTo(peak, within(2e-4));
    assertThat((double) blurred.at(22, 20)).isCloseTo(peak * Math.exp(-0.5), within(2e-4));
    assertThat((double) blurred.at(20, 24)).isCloseTo(peak * Math.exp(-2), within(2e-4));
  }
}
