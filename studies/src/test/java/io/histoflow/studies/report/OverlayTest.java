package io.histoflow.studies.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import org.junit.jupiter.api.Test;

class OverlayTest {

  @Test
  void shouldColourHitsMissesAndFalseAlarmsAndLeaveTheRestGrey() {
    // Given: four black pixels: hit, miss, false alarm, background
    RgbImage black = RgbImage.of(4, 1, new byte[12]);
    Mask truth = Mask.of(4, 1, new byte[] {1, 1, 0, 0});
    Mask predicted = Mask.of(4, 1, new byte[] {1, 0, 1, 0});

    // When
    byte[] rgb = Overlay.of(black, predicted, truth).rgb();

    // Then: black is lightened to 70; 0.5 x 0072b2, 0.9 x d55e00 and 0.7 x f0e442 lie over it
    assertThat(pixel(rgb, 0)).containsExactly(35, 92, 124);
    assertThat(pixel(rgb, 1)).containsExactly(199, 92, 7);
    assertThat(pixel(rgb, 2)).containsExactly(189, 181, 67);
    assertThat(pixel(rgb, 3)).containsExactly(70, 70, 70);
  }

  @Test
  void shouldKeepWhiteWhite() {
    // Given
    RgbImage white = RgbImage.of(1, 1, new byte[] {-1, -1, -1});
    Mask none = Mask.of(1, 1, new byte[1]);

    // When
    byte[] rgb = Overlay.of(white, none, none).rgb();

    // Then
    assertThat(pixel(rgb, 0)).containsExactly(255, 255, 255);
  }

  private static int[] pixel(byte[] rgb, int at) {
    return new int[] {rgb[3 * at] & 0xff, rgb[3 * at + 1] & 0xff, rgb[3 * at + 2] & 0xff};
  }
}
