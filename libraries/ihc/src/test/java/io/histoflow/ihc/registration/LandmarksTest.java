package io.histoflow.ihc.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.ihc.registration.Landmarks.Point;
import io.histoflow.ihc.transform.Affine;
import java.util.List;
import org.junit.jupiter.api.Test;

class LandmarksTest {
  private static final List<Point> FIXED =
      List.of(new Point(0, 0), new Point(10, 0), new Point(0, 10), new Point(10, 10));

  @Test
  void shouldFindTheAffineTransformThatLandmarksFollow() {
    // Given
    Affine exact = new Affine(1.1, 0.2, 5, -0.1, 0.9, -3);
    List<Point> moving =
        FIXED.stream()
            .map(at -> new Point(exact.x(at.x(), at.y()), exact.y(at.x(), at.y())))
            .toList();

    // When
    Affine found = new Landmarks(FIXED, moving).affine();

    // Then
    assertThat(found.distance(exact, 7, 4)).isCloseTo(0, within(1e-9));
    assertThat(found.determinant()).isCloseTo(1.01, within(1e-9));
  }

  @Test
  void shouldMeasureWhatATransformLeaves() {
    // Given: by 3, 4, 0 and 5 pixels away
    Landmarks landmarks =
        new Landmarks(
            FIXED, List.of(new Point(3, 0), new Point(10, 4), new Point(0, 10), new Point(13, 14)));

    // When, Then
    assertThat(landmarks.errors(Affine.IDENTITY)).containsExactly(0, 3, 4, 5);
    assertThat(landmarks.median(Affine.IDENTITY)).isEqualTo(3.5);
    assertThat(landmarks.improved(Affine.translation(1, 0), Affine.IDENTITY)).isEqualTo(0.5);
    assertThatThrownBy(() -> new Landmarks(FIXED, FIXED.subList(0, 3)))
        .hasMessageContaining("not 4 and 3");
  }
}
