package io.histoflow.imaging.colour;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DensityChannelTest {

  private static final int PIXELS = 4000;

  @Test
  void shouldGiveZeroToLightAnd192ToTheDensestPixels() {
    // Given: a tenth is glass, a tenth of grey density 1.5, the rest of density 0.75.
    byte[] rgb = new byte[3 * PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      double density = i % 10 == 0 ? 0 : i % 10 == 1 ? 1.5 : 0.75;
      for (int c = 0; c < 3; c++) {
        rgb[3 * i + c] = intensity(density);
      }
    }

    // When
    byte[] channel = DensityChannel.GREY.of(rgb);

    // Then
    assertThat(channel).hasSize(PIXELS);
    assertThat(channel[0] & 0xff).isBetween(0, 1);
    assertThat(channel[1] & 0xff).isBetween(191, 193);
    assertThat(channel[2] & 0xff).isBetween(95, 97);
  }

  @Test
  void shouldNotSeeHue() {
    // Given: two tiles of equal mean density, one purple, one orange.
    byte[] purple = tissue(1, new double[] {1.2, 1.3, 0.5}, 1);
    byte[] orange = tissue(1, new double[] {0.5, 1.2, 1.3}, 1);

    // When, Then
    assertAlike(DensityChannel.GREY.of(purple), DensityChannel.GREY.of(orange), 2);
  }

  @Test
  void shouldHardlySeeHowStrongStainAndLampAre() {
    // Given
    double[] purple = {1.2, 1.3, 0.5};
    for (DensityChannel channel :
        new DensityChannel[] {DensityChannel.GREY, DensityChannel.HAEMATOXYLIN}) {
      byte[] expected = channel.of(tissue(1, purple, 1));

      // When
      byte[] strong = channel.of(tissue(1.3, purple, 1));
      byte[] dim = channel.of(tissue(1, purple, 0.75));

      // Then
      assertAlike(strong, expected, 5);
      assertAlike(dim, expected, 5);
    }
  }

  @Test
  void shouldNotBlowUpTheNoiseOfGlass() {
    // Given: a blank tile, 243..247.
    Random random = new Random(1);
    byte[] rgb = new byte[3 * PIXELS];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (243 + random.nextInt(5));
    }

    // When
    byte[] channel = DensityChannel.GREY.of(rgb);

    // Then
    for (byte value : channel) {
      assertThat(value & 0xff).isLessThan(10);
    }
  }

  @Test
  void shouldSeeHaematoxylinAndNoEosin() {
    // Given: by turns a nucleus and stroma, pure stains of HED.
    double[] nucleus = StainMatrix.HED.densities(1.2, 0, 0);
    double[] stroma = StainMatrix.HED.densities(0, 1.2, 0);
    byte[] rgb = new byte[3 * PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      for (int c = 0; c < 3; c++) {
        rgb[3 * i + c] = intensity(i % 3 == 0 ? 0 : i % 3 == 1 ? nucleus[c] : stroma[c]);
      }
    }

    // When
    byte[] channel = DensityChannel.HAEMATOXYLIN.of(rgb);

    // Then
    assertThat(channel[1] & 0xff).isBetween(190, 194);
    assertThat(channel[2] & 0xff).isLessThan(4);
  }

  @Test
  void shouldSeeNucleiAsStronglyBesidePigmentAndNoPigment() {
    // Given: nucleus, stroma and glass by turns; in the other tile a quarter is black
    double[] nucleus = StainMatrix.HED.densities(1.2, 0, 0);
    double[] stroma = StainMatrix.HED.densities(0, 0.8, 0);
    double[] black = {1.7, 1.8, 1.75};
    byte[] clean = new byte[3 * PIXELS];
    byte[] pigmented = new byte[3 * PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      for (int c = 0; c < 3; c++) {
        byte tissue = intensity(i % 3 == 0 ? 0 : i % 3 == 1 ? nucleus[c] : stroma[c]);
        clean[3 * i + c] = tissue;
        pigmented[3 * i + c] = i < PIXELS / 4 ? intensity(black[c]) : tissue;
      }
    }

    // When
    byte[] expected = DensityChannel.HAEMATOXYLIN.of(clean);
    byte[] channel = DensityChannel.HAEMATOXYLIN.of(pigmented);

    // Then
    for (int i = 0; i < PIXELS; i++) {
      int value = i < PIXELS / 4 ? 0 : expected[i] & 0xff;
      assertThat(channel[i] & 0xff).isBetween(value - 1, value + 1);
    }
  }

  @Test
  void shouldTakeATileOfOnePixel() {
    assertThat(DensityChannel.GREY.of(new byte[] {10, 20, 30})).hasSize(1);
  }

  private static byte[] tissue(double strength, double[] stain, double light) {
    Random random = new Random(3);
    byte[] rgb = new byte[3 * PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      double amount = i % 20 == 0 ? 0 : random.nextDouble();
      for (int c = 0; c < 3; c++) {
        rgb[3 * i + c] = intensity(strength * amount * stain[c] - Math.log(light));
      }
    }
    return rgb;
  }

  private static byte intensity(double density) {
    return (byte) Math.max(0, Math.round(256 * Math.exp(-density) - 1));
  }

  private static void assertAlike(byte[] a, byte[] b, int levels) {
    for (int i = 0; i < a.length; i++) {
      assertThat(Math.abs((a[i] & 0xff) - (b[i] & 0xff))).isLessThanOrEqualTo(levels);
    }
  }
}
