package io.histoflow.ihc.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.imaging.Mask;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RegionsTest {
  private static final int SIDE = 60;

  @Test
  void shouldMeasureDistancesAsTryingEveryPixelDoes() {
    // Given
    SplittableRandom random = new SplittableRandom(1);
    byte[] values = new byte[23 * 17];
    for (int i = 0; i < 9; i++) {
      values[random.nextInt(values.length)] = 1;
    }
    Mask mask = Mask.of(23, 17, values);

    // When
    float[] distances = DistanceMap.squared(mask, true);

    // Then
    for (int i = 0; i < values.length; i++) {
      int nearest = Integer.MAX_VALUE;
      for (int j = 0; j < values.length; j++) {
        int dx = i % 23 - j % 23;
        int dy = i / 23 - j / 23;
        nearest = values[j] == 0 ? nearest : Math.min(nearest, dx * dx + dy * dy);
      }
      assertThat(distances[i]).isEqualTo(nearest);
    }
  }

  @Test
  void shouldCloseGapsFillHolesAndDropSpecks() {
    // Given: two blocks with a gap of 4, a hole of 6 x 6 in the first, a speck of 3 x 3
    byte[] values = new byte[SIDE * SIDE];
    fill(values, 10, 10, 20, 20, 1);
    fill(values, 34, 10, 20, 20, 1);
    fill(values, 16, 16, 6, 6, 0);
    fill(values, 50, 50, 3, 3, 1);

    // When
    Mask regions = Regions.of(Mask.of(SIDE, SIDE, values), 3);

    // Then
    assertThat(regions.at(32, 20)).isTrue();
    assertThat(regions.at(19, 19)).isTrue();
    assertThat(regions.at(51, 51)).isFalse();
    assertThat(regions.at(5, 20)).isFalse();
  }

  @Test
  void shouldDrawABandOnBothSidesOfAnEdge() {
    // Given
    byte[] values = new byte[SIDE * SIDE];
    fill(values, 0, 0, 30, SIDE, 1);

    // When
    Mask band = Regions.band(Mask.of(SIDE, SIDE, values), 4);

    // Then
    assertThat(band.positivePixels()).isEqualTo(8L * SIDE);
    assertThat(band.at(26, 30)).isTrue();
    assertThat(band.at(33, 30)).isTrue();
    assertThat(band.at(25, 30)).isFalse();
    assertThat(band.at(34, 30)).isFalse();
  }

  @Test
  void shouldHaveNoBandWithoutAnEdge() {
    // Given
    Mask empty = Mask.of(SIDE, SIDE, new byte[SIDE * SIDE]);

    // When // Then
    assertThat(Regions.band(empty, 4).positivePixels()).isZero();
    assertThat(Regions.of(empty, 4)).isEqualTo(empty);
    assertThatThrownBy(() -> Regions.of(empty, 0.5)).hasMessageContaining("1 pixel or more");
  }

  private static void fill(byte[] values, int x, int y, int width, int height, int value) {
    for (int row = y; row < y + height; row++) {
      for (int column = x; column < x + width; column++) {
        values[row * SIDE + column] = (byte) value;
      }
    }
  }
}
