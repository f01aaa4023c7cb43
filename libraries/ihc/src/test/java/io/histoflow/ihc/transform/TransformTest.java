package io.histoflow.ihc.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TransformTest {

  @Test
  void shouldTurnAboutAPoint() {
    // Given
    Affine quarter = Affine.turning(Math.PI / 2, 10, 20, 100, 200);

    // When // Then
    assertThat(quarter.x(10, 20)).isCloseTo(100, within(1e-9));
    assertThat(quarter.y(10, 20)).isCloseTo(200, within(1e-9));
    assertThat(quarter.x(13, 20)).isCloseTo(100, within(1e-9));
    assertThat(quarter.y(13, 20)).isCloseTo(203, within(1e-9));
    assertThat(quarter.determinant()).isCloseTo(1, within(1e-9));
  }

  @Test
  void shouldMeanTheSameBetweenLargerImages() {
    // Given
    Transform small = new Affine(1.1, 0.2, 3, -0.1, 0.9, 5);

    // When
    Transform large = small.between(4, 4);

    // Then: the middle of a square of 4 x 4 pixels lies at 1.5
    assertThat(large.x(4 * 10 + 1.5, 4 * 7 + 1.5))
        .isCloseTo(4 * small.x(10, 7) + 1.5, within(1e-9));
    assertThat(large.determinant(50, 60)).isCloseTo(0.99 + 0.02, within(1e-9));
  }

  /** B-splines reproduce linear functions: control points on a slope give that slope. */
  @Test
  void shouldDisplaceSmoothlyByItsControlPoints() {
    // Given
    FreeForm flat = FreeForm.over(Affine.IDENTITY, 101, 81, 20);
    double[] right = new double[flat.columns() * flat.rows()];
    Arrays.setAll(right, i -> 2 * (i % flat.columns() - 1));

    // When
    FreeForm sloped =
        new FreeForm(Affine.IDENTITY, 20, flat.columns(), flat.rows(), right, flat.down());

    // Then
    assertThat(sloped.x(50, 33)).isCloseTo(50 + 2 * 50 / 20.0, within(1e-9));
    assertThat(sloped.y(50, 33)).isCloseTo(33, within(1e-9));
    assertThat(sloped.determinant(50, 33)).isCloseTo(1.1, within(1e-9));
    assertThatThrownBy(() -> FreeForm.over(Affine.IDENTITY, 100, 100, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
