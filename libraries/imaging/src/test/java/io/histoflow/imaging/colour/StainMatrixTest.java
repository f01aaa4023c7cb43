package io.histoflow.imaging.colour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class StainMatrixTest {

  private static final Offset<Double> EXACT = within(1e-9);

  @Test
  void shouldMixByRuifrokAndJohnstonsTable() {
    // Given: one part of haematoxylin and two of eosin.
    // When
    double[] densities = StainMatrix.HED.densities(1, 2, 0);

    // Then
    assertThat(densities[0]).isCloseTo(0.65 + 2 * 0.07, EXACT);
    assertThat(densities[1]).isCloseTo(0.70 + 2 * 0.99, EXACT);
    assertThat(densities[2]).isCloseTo(0.29 + 2 * 0.11, EXACT);
  }

  @Test
  void shouldUnmixWhatItMixed() {
    // Given
    double[] densities = StainMatrix.HED.densities(0.8, 0.3, 0.1);

    // When
    double[] amounts = StainMatrix.HED.amounts(densities);

    // Then
    assertThat(amounts).containsExactly(new double[] {0.8, 0.3, 0.1}, EXACT);
  }

  @Test
  void shouldLeaveEveryIntensityAsItIsWithoutAChange() {
    // Given: 256 greys, then 255 colours.
    byte[] rgb = new byte[3 * 511];
    for (int i = 0; i < 511; i++) {
      rgb[3 * i] = (byte) (i % 256);
      rgb[3 * i + 1] = (byte) (i < 256 ? i : 7 * i);
      rgb[3 * i + 2] = (byte) (i < 256 ? i : 11 * i);
    }
    byte[] mapped = rgb.clone();

    // When
    StainMatrix.HED.scale(new double[] {1, 1, 1}, new double[3], StainMatrix.HED).apply(mapped);

    // Then
    assertThat(mapped).containsExactly(rgb);
  }

  @Test
  void shouldDarkenByTheLampsFactor() {
    // Given: intensity + 1 is what light scales.
    byte[] rgb = {99, (byte) 199, 39};

    // When
    StainMatrix.HED
        .scale(new double[] {1, 1, 1}, new double[3], StainMatrix.HED)
        .brightened(0.5)
        .apply(rgb);

    // Then
    assertThat(rgb).containsExactly(49, 99, 19);
  }

  @Test
  void shouldRefuseStainsInOnePlane() {
    double[] stain = {1, 0, 0};
    assertThatThrownBy(() -> Matrices.inverse(new double[][] {stain, stain, {0, 1, 0}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the three stains lie in one plane");
  }

  @Test
  void shouldFindEigenvectorsLargestFirst() {
    // Given: eigenvalues 9 along (1, 1, 0), 5 along (0, 0, 1), 1 along (1, -1, 0).
    double[][] symmetric = {{5, 4, 0}, {4, 5, 0}, {0, 0, 5}};

    // When
    double[][] vectors = Matrices.eigenvectors(symmetric);

    // Then
    double half = Math.sqrt(0.5);
    assertThat(absolute(vectors[0])).containsExactly(new double[] {half, half, 0}, EXACT);
    assertThat(absolute(vectors[1])).containsExactly(new double[] {0, 0, 1}, EXACT);
    assertThat(absolute(vectors[2])).containsExactly(new double[] {half, half, 0}, EXACT);
    assertThat(Matrices.dot(vectors[0], vectors[2])).isCloseTo(0, EXACT);
  }

  private static double[] absolute(double[] vector) {
    return Arrays.stream(vector).map(Math::abs).toArray();
  }
}
