package io.histoflow.segmentation.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.dataset.LabelledTile;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StainEvidenceTest {

  private static final int SIDE = 64;

  /** Two dark squares of 20 x 20 pixels on pale tissue. */
  private static final LabelledTile TILE = tile();

  @Test
  void shouldCountWhatIsStainedAsTheMaskButLiesOutside() {
    // Given the network finds the left square only
    Segmentation half = segmentation(x -> x < 32 ? 0.99f : 0.01f);
    Segmentation all = segmentation(x -> 0.99f);

    // When
    double missed = score(StainEvidence.STAINED_OUTSIDE, half);
    double nothing = score(StainEvidence.STAINED_OUTSIDE, all);

    // Then: the right square less the rim where a mean over 7 x 7 pixels is paler
    assertThat(missed).isBetween(12.0 * 12 / (SIDE * SIDE), 20.0 * 20 / (SIDE * SIDE));
    assertThat(nothing).isZero();
  }

  @Test
  void shouldBeTheGeometricMeanWithTheDoubtOfTheNetwork() {
    Segmentation half = segmentation(x -> x < 32 ? 0.9f : 0.1f);

    double both = score(StainEvidence.STAINED_DOUBT, half);

    assertThat(both * both)
        .isCloseTo(
            score(StainEvidence.STAINED_OUTSIDE, half) * half.score(RoutingScore.POSITIVE_ENTROPY),
            within(1e-12));
  }

  private static double score(StainEvidence evidence, Segmentation segmentation) {
    return evidence.of(
        TILE,
        segmentation,
        (image, organ) -> {
          throw new AssertionError("the network is not asked again");
        });
  }

  private interface Probability {
    float at(int x);
  }

  private static Segmentation segmentation(Probability inSquares) {
    float[] p = new float[SIDE * SIDE];
    for (int i = 0; i < p.length; i++) {
      p[i] = TILE.mask().at(i % SIDE, i / SIDE) ? inSquares.at(i % SIDE) : 0.01f;
    }
    return new Segmentation(SIDE, SIDE, p, 0.5, "kidney");
  }

  private static LabelledTile tile() {
    byte[] rgb = new byte[3 * SIDE * SIDE];
    Arrays.fill(rgb, (byte) 235);
    byte[] mask = new byte[SIDE * SIDE];
    for (int y = 22; y < 42; y++) {
      for (int x = 0; x < SIDE; x++) {
        if ((x >= 6 && x < 26) || (x >= 38 && x < 58)) {
          int i = y * SIDE + x;
          mask[i] = 1;
          rgb[3 * i] = 90;
          rgb[3 * i + 1] = 70;
          rgb[3 * i + 2] = (byte) 150;
        }
      }
    }
    return new LabelledTile("t", "kidney", RgbImage.of(SIDE, SIDE, rgb), Mask.of(SIDE, SIDE, mask));
  }
}
