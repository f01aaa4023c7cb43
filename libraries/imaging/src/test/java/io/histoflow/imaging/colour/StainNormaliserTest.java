package io.histoflow.imaging.colour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StainNormaliserTest {

  private static final double[] REFERENCE_H = StainMatrix.MACENKO.densities(1, 0, 0);
  private static final double[] REFERENCE_E = StainMatrix.MACENKO.densities(0, 1, 0);
  private static final double[] OTHER_H = Matrices.unit(new double[] {0.68, 0.66, 0.30});
  private static final double[] OTHER_E = Matrices.unit(new double[] {0.12, 0.90, 0.42});
  private static final int SIDE = 128;

  @Test
  void shouldFindTheStainsThatTheTileWasMixedOf() {
    // Given
    byte[] tile = mixture(OTHER_H, OTHER_E, 1.2, 0.8, 1, 1);

    // When
    StainEstimate estimate = StainEstimate.of(tile).orElseThrow();

    // Then: the purest pixels show the stains, the fullest their strengths.
    double[] h = estimate.stains().densities(1, 0, 0);
    double[] e = estimate.stains().densities(0, 1, 0);
    assertThat(Math.toDegrees(Matrices.angle(h, OTHER_H))).isLessThan(2);
    assertThat(Math.toDegrees(Matrices.angle(e, OTHER_E))).isLessThan(2);
    assertThat(estimate.haematoxylin()).isCloseTo(1.2, within(0.06));
    assertThat(estimate.eosin()).isCloseTo(0.8, within(0.05));
    assertThat(estimate.light()).isCloseTo(0, within(0.01));
  }

  @Test
  void shouldMakeOneTileOfTwoLaboratories() {
    // Given: the same tissue in the reference's stains and strengths, and in others' under a lamp.
    byte[] expected =
        mixture(
            REFERENCE_H,
            REFERENCE_E,
            StainNormaliser.HAEMATOXYLIN_STRENGTH,
            StainNormaliser.EOSIN_STRENGTH,
            1,
            1);
    byte[] other = mixture(OTHER_H, OTHER_E, 1.3, 0.8, 0.85, 1);

    // When
    byte[] normalised = StainNormaliser.normalise(other);
    byte[] unmoved = StainNormaliser.normalise(expected);

    // Then
    assertThat(distance(other, expected)).isGreaterThan(15);
    assertThat(distance(normalised, expected)).isLessThan(4);
    assertThat(distance(unmoved, expected)).isLessThan(4);
  }

  @Test
  void shouldGiveTheSameForTheSamePixelsAndLeaveThemAsTheyAre() {
    // Given
    byte[] tile = mixture(OTHER_H, OTHER_E, 1.2, 0.8, 1, 1);
    byte[] before = tile.clone();

    // When
    byte[] once = StainNormaliser.normalise(tile);
    byte[] again = StainNormaliser.normalise(tile);

    // Then
    assertThat(once).containsExactly(again);
    assertThat(tile).containsExactly(before);
  }

  @Test
  void shouldLeaveGlassOneStainAndAFewPixelsAsTheyAre() {
    // Given
    byte[] glass = mixture(OTHER_H, OTHER_E, 0.05, 0.05, 1, 1);
    byte[] black = new byte[3 * SIDE * SIDE];
    byte[] eosinOnly = mixture(OTHER_H, OTHER_E, 0, 0.9, 1, 1);
    byte[] haematoxylinOnly = mixture(OTHER_H, OTHER_E, 1.4, 0, 1, 1);
    byte[] speck = mixture(OTHER_H, OTHER_E, 1.2, 0.8, 1, 0.01);
    byte[] tiny = {100, 50, (byte) 150, (byte) 230, (byte) 150, (byte) 200};
    for (byte[] tile : new byte[][] {glass, black, eosinOnly, haematoxylinOnly, speck, tiny}) {
      // When
      byte[] normalised = StainNormaliser.normalise(tile);

      // Then
      assertThat(normalised).containsExactly(tile);
    }
  }

  @Test
  void shouldStrengthenAPaleTileByAFactorOfTwoAtMost() {
    // Given: a quarter of the reference's strength.
    byte[] pale =
        mixture(
            REFERENCE_H,
            REFERENCE_E,
            StainNormaliser.HAEMATOXYLIN_STRENGTH / 4,
            StainNormaliser.EOSIN_STRENGTH / 2.5,
            1,
            1);

    // When
    byte[] normalised = StainNormaliser.normalise(pale);

    // Then
    StainEstimate before = StainEstimate.of(pale).orElseThrow();
    StainEstimate after = StainEstimate.of(normalised).orElseThrow();
    assertThat(after.haematoxylin() / before.haematoxylin()).isBetween(1.8, 2.1);
    assertThat(after.eosin() / before.eosin()).isBetween(1.8, 2.1);
  }

  /**
   * Pixels of both stains, of either alone and of none, with a camera's noise of one level.
   *
   * @param h greatest amount of haematoxylin
   * @param e greatest amount of eosin
   * @param light factor of the lamp
   * @param tissue share of the pixels that are not glass
   */
  private static byte[] mixture(
      double[] haematoxylin, double[] eosin, double h, double e, double light, double tissue) {
    Random random = new Random(7);
    byte[] rgb = new byte[3 * SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++) {
      double kind = random.nextDouble() / tissue;
      double haema = kind < 0.55 ? h * Math.sqrt(random.nextDouble()) : 0;
      double eos = kind > 0.35 && kind < 0.9 ? e * Math.sqrt(random.nextDouble()) : 0;
      for (int c = 0; c < 3; c++) {
        double density = haema * haematoxylin[c] + eos * eosin[c];
        double intensity = 256 * light * Math.exp(-density) - 1 + random.nextDouble() - 0.5;
        rgb[3 * i + c] = (byte) Math.max(0, Math.min(255, Math.round(intensity)));
      }
    }
    return rgb;
  }

  /** Mean difference in levels. */
  private static double distance(byte[] a, byte[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
    }
    return sum / a.length;
  }
}
