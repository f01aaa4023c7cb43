package io.histoflow.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeatMapTest {

  @Test
  void shouldGetLighterWithEveryStepOfEntropy() {
    // Given
    byte[] ramp = new byte[256];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (byte) i;
    }

    // When
    byte[] rgb = HeatMap.of(GreyImage.of(256, 1, ramp)).rgb();

    // Then
    double before = -1;
    for (int i = 0; i < ramp.length; i++) {
      double luminance =
          0.2126 * (rgb[3 * i] & 0xff)
              + 0.7152 * (rgb[3 * i + 1] & 0xff)
              + 0.0722 * (rgb[3 * i + 2] & 0xff);
      assertThat(luminance).as("luminance of %d", i).isGreaterThanOrEqualTo(before);
      before = luminance;
    }
  }

  @Test
  void shouldShowHalfABitInTheMiddleColour() {
    // When
    RgbImage half = HeatMap.of(GreyImage.of(1, 1, new byte[] {(byte) 128}));

    // Then: 128/255 lies 0.0078 beyond the middle anchor, 0xa0305f, towards 0xf08a24
    assertThat(half.rgb()).containsExactly(0xa1, 0x31, 0x5f);
  }
}
