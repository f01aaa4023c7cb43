package io.histoflow.ihc.stain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.ihc.plane.Plane;
import io.histoflow.imaging.RgbImage;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DabThresholdTest {

  @Test
  void shouldPartStainedFromUnstained() {
    // Given: three quarters around 0.1, one quarter around 0.9
    SplittableRandom random = new SplittableRandom(5);
    float[] amounts = new float[4000];
    for (int i = 0; i < amounts.length; i++) {
      amounts[i] = (float) ((i % 4 == 0 ? 0.9 : 0.1) + random.nextDouble(-0.08, 0.08));
    }

    // When
    DabThreshold threshold = DabThreshold.of(Plane.of(80, 50, amounts));

    // Then
    assertThat(threshold.value()).isBetween(0.18, 0.82).isEqualTo(threshold.otsu());
    assertThat(threshold.share()).isEqualTo(0.25);
  }

  @Test
  void shouldNotFallIntoTheNoiseOfAnUnstainedSection() {
    // Given
    SplittableRandom random = new SplittableRandom(6);
    float[] amounts = new float[4000];
    for (int i = 0; i < amounts.length; i++) {
      amounts[i] = (float) random.nextDouble(0, 0.12);
    }

    // When
    DabThreshold threshold = DabThreshold.of(Plane.of(80, 50, amounts));

    // Then
    assertThat(threshold.otsu()).isLessThan(DabThreshold.FLOOR);
    assertThat(threshold.value()).isEqualTo(DabThreshold.FLOOR);
    assertThat(threshold.share()).isZero();
  }

  /** Weights as the two vectors of Ruifrok and Johnston and their cross product give them. */
  @Test
  void shouldUnmixTwoStains() {
    // Given
    byte[] rgb = {(byte) 150, (byte) 110, (byte) 70};
    double red = -Math.log10(151 / 256.0);
    double green = -Math.log10(111 / 256.0);
    double blue = -Math.log10(71 / 256.0);

    // When
    float dab = StainChannel.DAB.of(RgbImage.of(1, 1, rgb)).values()[0];
    float haematoxylin = StainChannel.HAEMATOXYLIN_OF_IHC.of(RgbImage.of(1, 1, rgb)).values()[0];

    // Then
    double amount = 1.20008 * red + 0.68520 * green - 0.91777 * blue;
    assertThat((double) dab)
        .isCloseTo(-0.68939 * red + 0.02360 * green + 1.50871 * blue, within(1e-3));
    assertThat((double) haematoxylin).isCloseTo(Math.max(0, amount), within(1e-3));
  }
}
