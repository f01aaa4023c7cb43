package io.histoflow.segmentation.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfTest {

  @Test
  void shouldGiveBackEveryHalfPrecisionNumber() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      // Given
      float value = Half.toFloat((short) bits);

      // When
      short back = Half.fromFloat(value);

      // Then
      if (Float.isNaN(value)) {
        assertThat(Half.toFloat(back)).isNaN();
      } else {
        assertThat(back).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void shouldRoundToTheNearestTiesToEven() {
    assertThat(Half.toFloat(Half.fromFloat(1f / 3))).isEqualTo(1365f / 4096);
    assertThat(Half.toFloat(Half.fromFloat(1f + 0x1p-11f))).isEqualTo(1f);
    assertThat(Half.toFloat(Half.fromFloat(1f + 3 * 0x1p-11f))).isEqualTo(1f + 0x1p-9f);
    assertThat(Half.toFloat(Half.fromFloat(65504f))).isEqualTo(65504f);
    assertThat(Half.toFloat(Half.fromFloat(65519f))).isEqualTo(65504f);
    assertThat(Half.toFloat(Half.fromFloat(65520f))).isInfinite();
    assertThat(Half.toFloat(Half.fromFloat(0x1p-24f))).isEqualTo(0x1p-24f);
    assertThat(Half.toFloat(Half.fromFloat(0x1p-25f))).isZero();
    assertThat(Half.toFloat(Half.fromFloat(-0x1.8p-24f))).isEqualTo(-0x1p-23f);
  }
}
