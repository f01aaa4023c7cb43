package io.histoflow.datasets.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.imaging.Mask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SyntheticTissueTest {

  @ParameterizedTest
  @MethodSource("io.histoflow.datasets.synthetic.SyntheticTissue#organs")
  void shouldDrawTheSameTileFromTheSameSeed(String organ) {
    // When
    LabelledTile one = new SyntheticTissue(42).tile(organ, 3, 96);
    LabelledTile two = new SyntheticTissue(42).tile(organ, 3, 96);

    // Then
    assertThat(two.image().rgb()).isEqualTo(one.image().rgb());
    assertThat(two.mask()).isEqualTo(one.mask());
  }

  @Test
  void shouldDrawAnotherTileFromAnotherSeedOrganOrIndex() {
    // Given
    byte[] first = new SyntheticTissue(42).tile("lung", 3, 64).image().rgb();

    // Then
    assertThat(new SyntheticTissue(43).tile("lung", 3, 64).image().rgb()).isNotEqualTo(first);
    assertThat(new SyntheticTissue(42).tile("lung", 4, 64).image().rgb()).isNotEqualTo(first);
    assertThat(new SyntheticTissue(42).tile("colon", 3, 64).image().rgb()).isNotEqualTo(first);
  }

  @ParameterizedTest
  @MethodSource("io.histoflow.datasets.synthetic.SyntheticTissue#organs")
  void shouldStainNucleiBluerAndDarkerThanWhatLiesAround(String organ) {
    // Given
    LabelledTile tile = new SyntheticTissue(7).image(organ, 0, 384, 384);

    // When: haematoxylin takes more red light than eosin
    double inside = meanRed(tile, true);
    double outside = meanRed(tile, false);
    double fraction = tile.mask().positivePixels() / (384.0 * 384);

    // Then
    assertThat(inside).isLessThan(outside - 25);
    assertThat(fraction).isBetween(0.05, 0.5);
  }

  @Test
  void shouldDrawOrgansWithDifferentNuclei() {
    // Given
    SyntheticTissue tissue = new SyntheticTissue(7);

    // When: nuclei of breast carcinoma are large, those of glia small and far apart
    double breast = fraction(tissue, "breast");
    double brain = fraction(tissue, "brain");

    // Then
    assertThat(breast).isGreaterThan(1.2 * brain);
  }

  @ParameterizedTest
  @MethodSource("io.histoflow.datasets.synthetic.SyntheticTissue#organs")
  void shouldDrawAnySize(String organ) {
    // Given
    SyntheticTissue tissue = new SyntheticTissue(1);

    // Then
    assertThat(tissue.image(organ, 0, 1, 1).mask().width()).isEqualTo(1);
    assertThat(tissue.image(organ, 0, 3, 200).image().height()).isEqualTo(200);
  }

  @Test
  void shouldRefuseAnOrganItCannotDraw() {
    assertThatThrownBy(() -> new SyntheticTissue(1).tile("spleen", 0, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("spleen")
        .hasMessageContaining("kidney");
    assertThat(SyntheticTissue.organs()).hasSizeGreaterThanOrEqualTo(5).contains("liver");
  }

  private static double fraction(SyntheticTissue tissue, String organ) {
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      sum += tissue.tile(organ, i, 256).mask().positivePixels() / (256.0 * 256);
    }
    return sum / 4;
  }

  private static double meanRed(LabelledTile tile, boolean positive) {
    Mask mask = tile.mask();
    byte[] rgb = tile.image().rgb();
    double sum = 0;
    long n = 0;
    for (int i = 0; i < mask.values().length; i++) {
      if ((mask.values()[i] != 0) == positive) {
        sum += rgb[3 * i] & 0xFF;
        n++;
      }
    }
    return sum / n;
  }
}
