package io.histoflow.segmentation.uncertainty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxSumsTest {

  @ParameterizedTest
  @CsvSource({"9, 7, 2", "1, 8, 3", "8, 1, 3", "3, 2, 5", "4, 4, 1"})
  void shouldSumWhatLiesAroundEachPixelAndInsideTheTile(int width, int height, int radius) {
    // Given
    byte[] values = new byte[width * height];
    new Random(3).nextBytes(values);
    BoxSums sums = new BoxSums(values, width, radius);

    for (int y = 0; y < height; y++) {
      // When
      sums.enterRow(y);

      // Then
      for (int x = 0; x < width; x++) {
        int sum = 0;
        int pixels = 0;
        for (int i = 0; i < values.length; i++) {
          if (Math.abs(i % width - x) <= radius && Math.abs(i / width - y) <= radius) {
            sum += values[i] & 0xff;
            pixels++;
          }
        }
        assertThat(sums.at(x)).isEqualTo(sum);
        assertThat(sums.pixels(x)).isEqualTo(pixels);
      }
    }
    assertThatThrownBy(() -> sums.enterRow(0)).hasMessageContaining("row 0 does not follow");
  }
}
