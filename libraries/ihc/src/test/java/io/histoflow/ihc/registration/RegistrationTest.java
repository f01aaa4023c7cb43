package io.histoflow.ihc.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.ihc.SyntheticSections;
import io.histoflow.ihc.plane.Plane;
import io.histoflow.ihc.transform.Affine;
import io.histoflow.ihc.transform.Transform;
import org.junit.jupiter.api.Test;

class RegistrationTest {
  private static final int SIDE = 320;

  private final SyntheticSections sections = new SyntheticSections(SIDE, 3);
  private final Plane fixed = plane(Affine.IDENTITY);

  @Test
  void shouldFindATranslationToAFractionOfAPixel() {
    // Given
    Plane moving = plane(Affine.translation(-21.5, 13.25));

    // When
    Registration found = Registration.of(fixed, moving, RegistrationSettings.tiles());

    // Then
    assertThat(worst(found.affine(), Affine.translation(21.5, -13.25))).isLessThan(0.5);
    assertThat(found.after()).isGreaterThan(found.before()).isGreaterThan(0.98);
  }

  @Test
  void shouldFindASectionThatLiesTurned() {
    // Given
    double angle = Math.toRadians(100);
    Affine there = Affine.turning(angle, 160, 160, 160, 160);
    Affine back = Affine.turning(-angle, 160, 160, 160, 160);
    Plane moving = plane(back);

    // When
    Registration found = Registration.of(fixed, moving, RegistrationSettings.sections());

    // Then
    assertThat(worst(found.affine(), there)).isLessThan(1);
  }

  @Test
  void shouldBendWhereAnAffineTransformDoesNotReach() {
    // Given
    Transform bent = wave(6);
    Plane moving = plane(wave(-6));

    // When
    Registration found =
        Registration.of(fixed, moving, new RegistrationSettings(false, 32, 0, 80, 1e-6));

    // Then
    assertThat(worst(found.transform(), bent)).isLessThan(worst(found.affine(), bent) / 2);
    assertThat(Registration.foldedShare(found.transform(), SIDE, SIDE)).isZero();
  }

  @Test
  void shouldCountWhereATransformFolds() {
    // Given
    Transform mirrored = new Affine(-1, 0, SIDE, 0, 1, 0);

    // When // Then
    assertThat(Registration.foldedShare(mirrored, SIDE, SIDE)).isEqualTo(1);
    assertThat(Registration.foldedShare(Affine.IDENTITY, SIDE, SIDE)).isZero();
  }

  /** Moves columns up and down in one and a half waves; the other sign is its reverse. */
  private static Transform wave(double pixels) {
    return new Transform() {
      @Override
      public double x(double x, double y) {
        return x;
      }

      @Override
      public double y(double x, double y) {
        return y + pixels * Math.sin(3 * Math.PI * x / SIDE);
      }
    };
  }

  private Plane plane(Transform toFixed) {
    float[] values = new float[SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      int row = i / SIDE;
      int x = i % SIDE;
      values[i] = (float) sections.haematoxylin(toFixed.x(x, row), toFixed.y(x, row));
    }
    return Plane.of(SIDE, SIDE, values);
  }

  /** The greatest distance over the middle of the image. */
  private static double worst(Transform one, Transform other) {
    double worst = 0;
    for (int y = 80; y <= 240; y += 40) {
      for (int x = 80; x <= 240; x += 40) {
        worst = Math.max(worst, one.distance(other, x, y));
      }
    }
    return worst;
  }
}
