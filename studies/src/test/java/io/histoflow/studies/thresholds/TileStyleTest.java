package io.histoflow.studies.thresholds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.RgbImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TileStyleTest {
  private static final float[] PROBABILITIES = {
    0.9f, 0.9f, 0.2f, 0.6f, //
    0.9f, 0.0f, 0.0f, 0.3f
  };

  @Test
  void shouldReadTheNetworksDoubtFromItsProbabilities() {
    // When, Then 6 pixels above 0.136, of which 4 above a half in 3 runs, since rows end runs
    assertThat(style(TileStyle.SOFTNESS)).isCloseTo(Math.log(16.0 / 14), within(1e-9));
    assertThat(style(TileStyle.NUCLEUS_SIZE)).isCloseTo(Math.log(5.0 / 4), within(1e-9));
    assertThat(style(TileStyle.EXPECTED_SHARE)).isCloseTo(Math.log(0.475 + 0.001), within(1e-6));
  }

  @Test
  void shouldFindNoStainInWhite() {
    for (TileStyle style : new TileStyle[] {TileStyle.HAEMATOXYLIN, TileStyle.EOSIN}) {
      assertThat(style(style)).as(style.text()).isCloseTo(0, within(1e-6));
    }
    assertThat(style(TileStyle.DARKNESS)).isCloseTo(0, within(1e-6));
  }

  private static double style(TileStyle style) {
    byte[] white = new byte[3 * PROBABILITIES.length];
    Arrays.fill(white, (byte) 255);
    return style.of(RgbImage.of(4, 2, white), PROBABILITIES, 0.136);
  }
}
