package io.histoflow.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import org.junit.jupiter.api.Test;

class ConfusionTest {

  /** Truth and probabilities of six pixels; at 0.5: two found, one missed, one false alarm. */
  private static final Mask TRUTH = Mask.of(3, 2, new byte[] {1, 1, 1, 0, 0, 0});

  private static final float[] PROBABILITIES = {0.9f, 0.6f, 0.4f, 0.7f, 0.5f, 0.1f};

  @Test
  void shouldCountPixelsByHand() {
    // When
    Confusion confusion = Confusion.of(PROBABILITIES, TRUTH, 0.5);

    // Then: 0.5 is not above 0.5
    assertThat(confusion).isEqualTo(new Confusion(2, 1, 1, 2));
    assertThat(confusion.recall()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(confusion.falseNegativeRate()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(confusion.precision()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(confusion.dice()).isCloseTo(4 / 6.0, within(1e-12));
    assertThat(confusion.iou()).isCloseTo(2 / 4.0, within(1e-12));
    assertThat(confusion.f2()).isCloseTo(10 / 15.0, within(1e-12));
    assertThat(confusion.pixels()).isEqualTo(6);
  }

  @Test
  void shouldWeighMissesFourTimesAsFalseAlarmsInF2() {
    assertThat(new Confusion(3, 2, 1, 0).f2()).isCloseTo(15 / 21.0, within(1e-12));
  }

  @Test
  void shouldCompareMasksAsItComparesProbabilities() {
    // Given
    Mask predicted = Mask.of(3, 2, new byte[] {1, 1, 0, 1, 0, 0});

    // Then
    assertThat(Confusion.of(predicted, TRUTH)).isEqualTo(Confusion.of(PROBABILITIES, TRUTH, 0.5));
  }

  @Test
  void shouldLeaveRatiosOfNothingUndefined() {
    // Given
    Confusion nothing = new Confusion(0, 0, 0, 9);

    // Then
    assertThat(nothing.recall()).isNaN();
    assertThat(nothing.precision()).isNaN();
    assertThat(nothing.dice()).isNaN();
    assertThat(nothing.iou()).isNaN();
    assertThat(nothing.f2()).isNaN();
    assertThat(new Confusion(0, 0, 5, 4).recall()).isZero();
    assertThat(new Confusion(0, 0, 5, 4).precision()).isNaN();
  }

  @Test
  void shouldAddUp() {
    assertThat(new Confusion(1, 2, 3, 4).plus(new Confusion(10, 20, 30, 40)))
        .isEqualTo(new Confusion(11, 22, 33, 44));
  }

  @Test
  void shouldRefuseMasksOfAnotherSize() {
    assertThatThrownBy(() -> Confusion.of(new float[5], TRUTH, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 x 2");
    assertThatThrownBy(() -> Confusion.of(Mask.of(2, 3, new byte[6]), TRUTH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 x 3");
  }

  @Test
  void shouldLeaveOutWhatIsUncertain() {
    // Given: nothing is said of a pixel that is found and of one that is a false alarm
    LabelledTile tile =
        new LabelledTile("a", "lung", RgbImage.of(3, 2, new byte[18]), TRUTH)
            .withUncertain(Mask.of(3, 2, new byte[] {1, 0, 0, 1, 0, 0}));

    // When
    Confusion confusion = Confusion.of(PROBABILITIES, tile, 0.5);

    // Then
    assertThat(confusion).isEqualTo(new Confusion(1, 0, 1, 2));
    assertThat(PrecisionRecallCurve.of(PROBABILITIES, tile).at(0.5)).isEqualTo(confusion);
    assertThat(ImageResult.of(tile, PROBABILITIES, 0.5).confusion()).isEqualTo(confusion);
  }
}
