package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.imaging.resolution.Rescaling;
import java.time.Instant;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ReviewerAgreementTest {
  private final ReviewerAgreement agreement = new ReviewerAgreement(0.8, 1 << 20);

  @Test
  void shouldCountTheTilesOnWhichTwoReviewersDrewDifferentMasks() {
    // Given: of ten pixels, 4 and 6 with 4 in common make a Dice of 8 / 10; 4 and 7 one of 8 / 11
    drew("anna", "agreed", 4);
    drew("bert", "agreed", 6);
    drew("anna", "disputed", 4);
    drew("bert", "disputed", 7);
    drew("anna", "alone", 4);
    // Then
    assertThat(agreement.judgedBySeveral()).isEqualTo(2);
    assertThat(agreement.disagreedOn()).isEqualTo(1);
  }

  @Test
  void shouldCountTheLatestVerdictOfEachReviewer() {
    // Given
    drew("anna", "tile", 4);
    drew("bert", "tile", 10);
    assertThat(agreement.disagreedOn()).isEqualTo(1);
    // When
    drew("anna", "tile", 9);
    // Then
    assertThat(agreement.disagreedOn()).isZero();
    assertThat(agreement.judgedBySeveral()).isEqualTo(1);
    // When a third one judges
    drew("clara", "tile", 1);
    // Then
    assertThat(agreement.disagreedOn()).isEqualTo(1);
  }

  @Test
  void shouldNotCallASecondThoughtOfOneReviewerADisagreement() {
    // When
    drew("anna", "tile", 1);
    drew("anna", "tile", 10);
    // Then
    assertThat(agreement.judgedBySeveral()).isZero();
    assertThat(agreement.disagreedOn()).isZero();
  }

  @Test
  void shouldCallUsableAgainstUnusableADisagreement() {
    // When
    drew("anna", "disputed", 4);
    agreement.apply(TileVerdict.notToLearnFrom("bert", "disputed"));
    agreement.apply(TileVerdict.notToLearnFrom("anna", "unusable"));
    agreement.apply(TileVerdict.notToLearnFrom("bert", "unusable"));
    // Then
    assertThat(agreement.judgedBySeveral()).isEqualTo(2);
    assertThat(agreement.disagreedOn()).isEqualTo(1);
  }

  @Test
  void shouldLetTwoEmptyMasksAgreeAndOneEmptyMaskNot() {
    // When
    drew("anna", "nothing", 0);
    drew("bert", "nothing", 0);
    drew("anna", "something", 0);
    drew("bert", "something", 1);
    // Then
    assertThat(agreement.disagreedOn()).isEqualTo(1);
  }

  @Test
  void shouldForgetATile() {
    // Given
    drew("anna", "tile", 1);
    drew("bert", "tile", 10);
    // When
    agreement.forget("tile");
    // Then
    assertThat(agreement.judgedBySeveral()).isZero();
    assertThat(agreement.disagreedOn()).isZero();
  }

  @Test
  void shouldForgetTheTilesJudgedLongestAgoBeyondItsLimit() {
    // Given
    ReviewerAgreement small = new ReviewerAgreement(0.8, 5_000);
    // When
    for (int i = 0; i < 1_000; i++) {
      small.apply(verdict("anna", "tile-" + i, 1));
      small.apply(verdict("bert", "tile-" + i, 10));
    }
    // Then
    assertThat(small.bytes()).isLessThanOrEqualTo(5_000);
    assertThat(small.judgedBySeveral()).isBetween(2, 20);
    assertThat(small.disagreedOn()).isEqualTo(small.judgedBySeveral());
  }

  @Test
  void shouldCompareTheLastFewOfManyReviewers() {
    // When
    for (int i = 0; i < 100; i++) {
      drew("reviewer-" + i, "tile", i < 50 ? 1 : 10);
    }
    // Then
    assertThat(agreement.judgedBySeveral()).isEqualTo(1);
    assertThat(agreement.disagreedOn()).isZero();
    assertThat(agreement.bytes()).isLessThan(10_000);
  }

  @Test
  void shouldNotFallOverAMaskThatIsDamagedOrLargerThanItsTile() {
    // When
    agreement.apply(
        TileVerdict.of(
            "anna",
            new EncodedCorrection(Corrections.of("tile", 0, 0), new byte[0], new byte[] {1, 2})));
    drew("bert", "tile", 4);
    // Then
    assertThat(agreement.disagreedOn()).isEqualTo(1);
  }

  /** A mask of ten pixels of which the first ones are positive. */
  private void drew(String reviewer, String tileId, int positivePixels) {
    agreement.apply(verdict(reviewer, tileId, positivePixels));
  }

  private static TileVerdict verdict(String reviewer, String tileId, int positivePixels) {
    byte[] pixels = new byte[10];
    Arrays.fill(pixels, 0, positivePixels, (byte) 1);
    byte[] mask = MaskPng.encode(Mask.of(5, 2, pixels));
    return TileVerdict.of(
        reviewer,
        new EncodedCorrection(
            new Correction(
                tileId,
                "kidney",
                5,
                2,
                OptionalDouble.empty(),
                Rescaling.NONE,
                mask.length,
                0,
                0,
                Instant.EPOCH,
                false),
            new byte[0],
            mask));
  }
}
