package io.histoflow.segmentation.uncertainty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.RgbImage;
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
    "MEAN_PROBABILITY, 0.4375",
    // no stain on glass
    "STAINED_OUTSIDE, 0",
    "STAINED_DOUBT, 0",
    "STAINED_MISSES, 0"
  })
  void shouldGiveWhatIsWorkedOutByHand(RoutingScore score, double expected) {
    assertThat(score.of(glass(2, 2), TILE, 0.4)).isCloseTo(expected, within(1e-5));
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
      assertThat(score.of(glass(10, 10), tile, 0.3)).isBetween(0.0, 1.0);
    }
    assertThat(score.of(glass(10, 10), new float[100], 0.3)).isZero();
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
    assertThat(RoutingScore.FAINT_BLOBS.of(glass(12, 12), tile, 0.3))
        .isCloseTo(25 * 0.2 / 144, within(1e-6));
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
    assertThat(RoutingScore.FAINT_BLOBS.of(glass(12, 12), tile, 0.3)).isZero();
  }

  @Test
  void shouldNotBeBlindByDefaultWhereNothingIsMarked() {
    // Given: dark nuclei that the network is sure are none
    float[] sure = new float[64 * 64];

    // When, Then
    assertThat(RoutingScore.POSITIVE_ENTROPY.of(twoNuclei(), sure, 0.3)).isZero();
    assertThat(RoutingScore.DEFAULT.of(twoNuclei(), sure, 0.3)).isPositive();
  }

  @Test
  void shouldCountWhatIsStainedAsTheMaskButLiesOutside() {
    // Given: two nuclei of 20 x 20 pixels, of which the network finds both or the left one
    float[] both = foundUpTo(64);
    float[] left = foundUpTo(32);

    // When
    double nothing = RoutingScore.STAINED_OUTSIDE.of(twoNuclei(), both, 0.5);
    double missed = RoutingScore.STAINED_OUTSIDE.of(twoNuclei(), left, 0.5);

    // Then: the right nucleus, less the rim where a mean over 7 x 7 pixels is paler
    assertThat(nothing).isZero();
    assertThat(missed).isBetween(12.0 * 12 / (64 * 64), 20.0 * 20 / (64 * 64));
    assertThat(RoutingScore.STAINED_DOUBT.of(twoNuclei(), left, 0.5))
        .isCloseTo(
            Math.sqrt(missed * RoutingScore.POSITIVE_ENTROPY.of(twoNuclei(), left, 0.5)),
            within(1e-12));
  }

  @Test
  void shouldWeighExpectedMissesByTheStainOutside() {
    // Given: 20 x 20 pixels that are all stained alike, of which the network finds the left half
    byte[] rgb = new byte[3 * 400];
    for (int i = 0; i < 400; i++) {
      rgb[3 * i] = 90;
      rgb[3 * i + 1] = 70;
      rgb[3 * i + 2] = (byte) 150;
    }
    float[] half = new float[400];
    for (int i = 0; i < 400; i++) {
      half[i] = i % 20 < 10 ? 0.9f : 0.1f;
    }

    // When
    double score = RoutingScore.STAINED_MISSES.of(RgbImage.of(20, 20, rgb), half, 0.5);

    // Then: with 8 more pixels expected, of which 0.08 are missed, 20.08 of 208 are; the right half
    // exceeds six tenths of the left one's stain by four tenths, which is 0.2 over all pixels
    assertThat(score).isCloseTo(Math.cbrt(20.08 / 208 * 20.08 / 208 * 0.2), within(1e-6));
  }

  @Test
  void shouldRankWhatLooksLikeAMissAboveWhatDoesNot() {
    // Given: a network that finds one of two nuclei, or both, with as little doubt elsewhere
    double missed = RoutingScore.STAINED_MISSES.of(twoNuclei(), foundUpTo(32), 0.5);
    double found = RoutingScore.STAINED_MISSES.of(twoNuclei(), foundUpTo(64), 0.5);

    // When, Then
    assertThat(missed).isGreaterThan(2 * found);
  }

  /** Two dark squares of 20 x 20 pixels on pale tissue of 64 x 64. */
  private static RgbImage twoNuclei() {
    byte[] rgb = new byte[3 * 64 * 64];
    Arrays.fill(rgb, (byte) 235);
    for (int i = 0; i < 64 * 64; i++) {
      if (isNucleus(i)) {
        rgb[3 * i] = 90;
        rgb[3 * i + 1] = 70;
        rgb[3 * i + 2] = (byte) 150;
      }
    }
    return RgbImage.of(64, 64, rgb);
  }

  private static float[] foundUpTo(int column) {
    float[] probabilities = new float[64 * 64];
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = isNucleus(i) && i % 64 < column ? 0.9f : 0.1f;
    }
    return probabilities;
  }

  private static boolean isNucleus(int i) {
    int x = i % 64;
    int y = i / 64;
    return y >= 22 && y < 42 && ((x >= 6 && x < 26) || (x >= 38 && x < 58));
  }

  private static RgbImage glass(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    Arrays.fill(rgb, (byte) 240);
    return RgbImage.of(width, height, rgb);
  }
}
