package io.histoflow.segmentation.uncertainty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RoutingScoreTest {

  /** Two by two; above the threshold of 0.4 lie 0.5 and 1. */
  private static final float[] TILE = {0.5f, 1f, 0f, 0.25f};

  @ParameterizedTest
  @CsvSource({
    "MEAN_ENTROPY, 0.45281953",
    // 1 % of 4 pixels, rounded up, is the most uncertain one
    "TAIL_ENTROPY, 1",
    "POSITIVE_ENTROPY, 0.17570488",
    "MASK_ENTROPY, 0.25",
    "BACKGROUND_ENTROPY, 0.20281953",
    // every pixel is at the boundary
    "INTERIOR_ENTROPY, 0",
    // 1 - 2 * 1.5 / (1.75 + 2)
    "EXPECTED_DICE_LOSS, 0.2",
    "EXPECTED_MISSED_PIXELS, 0.0625",
    // sigmoid(0.6 * ln(1/3) - 0.79) / 4
    "RECALIBRATED_MISSED_PIXELS, 0.04753",
    "EXPECTED_MISSED_SHARE, 0.14285714",
    "EXPECTED_FALSE_ALARMS, 0.125",
    "EXPECTED_ERRORS, 0.1875",
    // 0.25 lies between 0.1 and 0.4
    "NEAR_THRESHOLD, 0.25",
    // a spot of one pixel is too small
    "FAINT_BLOBS, 0",
    "POSITIVE_FRACTION, 0.5",
    "MEAN_PROBABILITY, 0.4375"
  })
  void shouldGiveWhatIsWorkedOutByHand(RoutingScore score, double expected) {
    assertThat(score.of(TILE, 2, 0.4)).isCloseTo(expected, within(1e-5));
  }

  @ParameterizedTest
  @EnumSource
  void shouldLieInZeroToOneOnAnyTile(RoutingScore score) {
    // Given: sure of nothing, sure of everything, half of each, noise
    Random random = new Random(2);
    float[] noise = new float[100];
    float[] half = new float[100];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextFloat();
      half[i] = i % 2;
    }
    float[] ones = new float[100];
    Arrays.fill(ones, 1);

    // When, Then
    for (float[] tile : new float[][] {new float[100], ones, half, noise}) {
      assertThat(score.of(tile, 10, 0.3)).isBetween(0.0, 1.0);
    }
    assertThat(score.of(new float[100], 10, 0.3)).isZero();
  }

  @Test
  void shouldBePublishedUnderNamesWithHyphens() {
    assertThat(RoutingScore.MEAN_ENTROPY.publishedName()).isEqualTo("mean-entropy");
    assertThat(RoutingScore.EXPECTED_MISSED_PIXELS.publishedName())
        .isEqualTo("expected-missed-pixels");
  }

  @Test
  void shouldSeeASpotThatTheMaskLeavesOut() {
    // Given: 12 x 12 pixels; a faint spot of 5 x 5, one of the same size with a bright middle, and
    // a
    // single faint pixel
    float[] tile = new float[144];
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 5; x++) {
        tile[y * 12 + x] = 0.2f;
        tile[(y + 7) * 12 + x + 7] = 0.2f;
      }
    }
    tile[9 * 12 + 9] = 0.9f;
    tile[11] = 0.2f;

    // When, Then
    assertThat(RoutingScore.FAINT_BLOBS.of(tile, 12, 0.3)).isCloseTo(25 * 0.2 / 144, within(1e-6));
  }

  @Test
  void shouldNotJoinSpotsAcrossTheEdges() {
    // Given: faint right and left columns, 12 pixels each, next to each other in memory
    float[] tile = new float[144];
    for (int y = 0; y < 12; y++) {
      tile[y * 12] = 0.2f;
      tile[y * 12 + 11] = 0.2f;
    }

    // When, Then: two spots of 12, both too small
    assertThat(RoutingScore.FAINT_BLOBS.of(tile, 12, 0.3)).isZero();
  }

  @Test
  void shouldNotBeBlindByDefaultWhereNothingIsMarked() {
    // Given: a doubtful haze below the threshold
    float[] haze = new float[100];
    Arrays.fill(haze, 0.2f);

    // When, Then
    assertThat(RoutingScore.MASK_ENTROPY.of(haze, 10, 0.3)).isZero();
    assertThat(RoutingScore.DEFAULT.of(haze, 10, 0.3)).isPositive();
  }
}
