package io.histoflow.imaging.colour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.colour.StainShift.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StainShiftTest {

  @ParameterizedTest
  @CsvSource({
    // kind, strength, then the amounts that become of haematoxylin 0.8 and eosin 0.5
    "HAEMATOXYLIN, -0.4, 0.48, 0.5",
    "HAEMATOXYLIN, 0.4, 1.12, 0.5",
    "EOSIN, -0.4, 0.8, 0.3",
    "EOSIN, 0.2, 0.8, 0.6",
    "HUE, 0.25, 0.6, 0.7",
    "HUE, -0.2, 0.9, 0.4",
    "HUE, 0, 0.8, 0.5",
  })
  void shouldChangeTheAmountsItNames(Kind kind, double strength, double h, double e) {
    // Given
    RgbImage pixel = pixel(StainMatrix.HED.densities(0.8, 0.5, 0));

    // When
    RgbImage shifted = new StainShift(kind, strength).apply(pixel);

    // Then
    double[] amounts =
        StainMatrix.HED.amounts(density(shifted, 0), density(shifted, 1), density(shifted, 2));
    assertThat(amounts[0]).isCloseTo(h, within(0.02));
    assertThat(amounts[1]).isCloseTo(e, within(0.02));
    assertThat(amounts[2]).isCloseTo(0, within(0.02));
  }

  @Test
  void shouldDimTheLight() {
    // Given
    RgbImage pixel = RgbImage.of(1, 1, new byte[] {99, (byte) 199, 39});

    // When
    RgbImage dim = new StainShift(Kind.BRIGHTNESS, -0.4).apply(pixel);

    // Then
    assertThat(dim.rgb()).containsExactly(59, 119, 23);
    assertThat(pixel.rgb()[0]).isEqualTo((byte) 99);
  }

  @Test
  void shouldCombineEveryKindWithEveryStrength() {
    assertThat(StainShift.grid(-0.2, 0.2))
        .hasSize(8)
        .contains(new StainShift(Kind.EOSIN, 0.2), new StainShift(Kind.BRIGHTNESS, -0.2));
  }

  @Test
  void shouldRefuseToTakeAwayMoreThanThereIs() {
    assertThatThrownBy(() -> new StainShift(Kind.EOSIN, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1.0");
  }

  private static RgbImage pixel(double[] densities) {
    byte[] rgb = new byte[3];
    for (int c = 0; c < 3; c++) {
      rgb[c] = (byte) Math.round(256 * Math.exp(-densities[c]) - 1);
    }
    return RgbImage.of(1, 1, rgb);
  }

  private static double density(RgbImage pixel, int channel) {
    return -Math.log(((pixel.rgb()[channel] & 0xff) + 1) / 256.0);
  }
}
