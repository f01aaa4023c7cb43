package io.histoflow.ihc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.ihc.transform.Affine;
import io.histoflow.imaging.RgbImage;
import org.junit.jupiter.api.Test;

class DerivationTest {
  private static final int SIDE = 400;
  private static final Affine MOVED = Affine.translation(24, -16);

  private final SyntheticSections sections = new SyntheticSections(SIDE, 7);
  private final RgbImage he = sections.he(SIDE, SIDE);

  @Test
  void shouldBringTheStainedRegionOntoTheHe() {
    // Given
    RgbImage ihc = sections.ihc(SIDE, SIDE, MOVED, 0.6);

    // When
    Derivation derivation = Derivation.of(he, ihc, DerivationSettings.tiles());

    // Then
    assertThat(derivation.refusal()).isEmpty();
    assertThat(derivation.transform().x(200, 200)).isBetween(173.0, 179.0);
    assertThat(derivation.transform().y(200, 200)).isBetween(213.0, 219.0);
    DerivedLabels labels = derivation.labels().orElseThrow();
    int wrong = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
      int row = i / SIDE;
      boolean certain = labels.uncertain().values()[i] == 0;
      boolean positive = labels.mask().values()[i] != 0;
      wrong += certain && positive != sections.stained(i % SIDE, row) ? 1 : 0;
    }
    assertThat(wrong).isZero();
    assertThat(derivation.quality()).isGreaterThan(0.5);
  }

  @Test
  void shouldLeaveOutAnEdgesSurroundingsAndWhatTheIhcDoesNotShow() {
    // Given
    RgbImage ihc = sections.ihc(SIDE, SIDE, MOVED, 0.6);

    // When
    DerivedLabels labels =
        Derivation.of(he, ihc, DerivationSettings.tiles()).labels().orElseThrow();

    // Then
    assertThat(labels.uncertain().at(SIDE / 2 + SIDE / 4, SIDE / 2)).isTrue();
    assertThat(labels.uncertain().at(SIDE / 2, SIDE / 2)).isFalse();
    assertThat(labels.uncertain().at(3, 200)).isTrue();
  }

  @Test
  void shouldRefuseAPairWithoutDab() {
    // Given
    RgbImage ihc = sections.ihc(SIDE, SIDE, MOVED, 0.02);

    // When
    Derivation derivation = Derivation.of(he, ihc, DerivationSettings.tiles());

    // Then
    assertThat(derivation.labels()).isEmpty();
    assertThat(derivation.refusal().orElseThrow()).contains("of the IHC is stained with DAB");
  }

  @Test
  void shouldRefuseSectionsOfDifferentPlaces() {
    // Given
    RgbImage elsewhere = new SyntheticSections(SIDE, 8).ihc(SIDE, SIDE, Affine.IDENTITY, 0.6);

    // When
    Derivation derivation = Derivation.of(he, elsewhere, DerivationSettings.tiles());

    // Then
    assertThat(derivation.labels()).isEmpty();
    assertThat(derivation.refusal()).isPresent();
  }

  @Test
  void shouldSayThatAPairIsTooSmall() {
    // Given
    RgbImage small = he.crop(0, 0, 200, 200);

    // When // Then
    assertThatThrownBy(() -> Derivation.of(small, small, DerivationSettings.tiles()))
        .hasMessage("a pair needs 256 pixels a side to be registered, not 200");
  }
}
