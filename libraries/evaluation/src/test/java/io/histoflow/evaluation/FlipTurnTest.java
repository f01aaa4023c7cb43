package io.histoflow.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.inference.TileSegmenter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FlipTurnTest {

  /** Two rows of three pixels, none like another: 1 2 3 / 4 5 6. */
  private static final RgbImage ASYMMETRIC = image(3, 2, 1, 2, 3, 4, 5, 6);

  @Test
  void shouldTurnClockwiseByQuarters() {
    // When
    RgbImage quarter = new FlipTurn(false, 1).apply(ASYMMETRIC);
    RgbImage half = new FlipTurn(false, 2).apply(ASYMMETRIC);
    RgbImage threeQuarters = new FlipTurn(false, 3).apply(ASYMMETRIC);

    // Then: 4 1 / 5 2 / 6 3, then 6 5 4 / 3 2 1, then 3 6 / 2 5 / 1 4
    assertThat(quarter.width()).isEqualTo(2);
    assertThat(quarter.height()).isEqualTo(3);
    assertThat(reds(quarter)).containsExactly(4, 1, 5, 2, 6, 3);
    assertThat(reds(half)).containsExactly(6, 5, 4, 3, 2, 1);
    assertThat(reds(threeQuarters)).containsExactly(3, 6, 2, 5, 1, 4);
  }

  @Test
  void shouldMirrorBeforeTurning() {
    // When: 3 2 1 / 6 5 4 turned by a quarter
    RgbImage image = new FlipTurn(true, 1).apply(ASYMMETRIC);

    // Then
    assertThat(reds(image)).containsExactly(6, 3, 5, 2, 4, 1);
  }

  @Test
  void shouldKnowEightWaysAndLayEachBackExactly() {
    Set<String> seen = new HashSet<>();
    for (FlipTurn way : FlipTurn.ALL) {
      // Given
      RgbImage laid = way.apply(ASYMMETRIC);
      seen.add(laid.width() + ":" + Arrays.toString(reds(laid)));
      float[] values = new float[6];
      for (int i = 0; i < 6; i++) {
        values[i] = reds(laid)[i];
      }

      // When
      float[] back = way.undo(values, 3, 2);

      // Then
      assertThat(back).as("%s", way).containsExactly(1, 2, 3, 4, 5, 6);
    }
    assertThat(seen).hasSize(8);
  }

  @Test
  void shouldAverageWhatASegmenterSaysOfAllEightWays() {
    // Given: a segmenter that answers for the first pixel of what it sees only, with 0.8
    TileSegmenter corner =
        (image, organ) -> {
          float[] p = new float[image.width() * image.height()];
          p[0] = 0.8f;
          return p;
        };

    // When
    float[] p = new FlipTurnSegmenter(corner).probabilities(ASYMMETRIC, "lung");

    // Then: each corner of the tile is first in two of eight ways
    assertThat(p).containsExactly(new float[] {0.2f, 0, 0.2f, 0.2f, 0, 0.2f}, within(1e-6f));
  }

  @Test
  void shouldChangeNothingForASegmenterThatLooksAtPixelsOneByOne() {
    // Given
    TileSegmenter pixelwise =
        (image, organ) -> {
          float[] p = new float[image.width() * image.height()];
          for (int i = 0; i < p.length; i++) {
            p[i] = image.rgb()[3 * i] / 10f;
          }
          return p;
        };

    // When
    float[] p = new FlipTurnSegmenter(pixelwise).probabilities(ASYMMETRIC, "lung");

    // Then
    assertThat(p).containsExactly(new float[] {0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f}, within(1e-6f));
  }

  private static RgbImage image(int width, int height, int... reds) {
    byte[] rgb = new byte[3 * reds.length];
    for (int i = 0; i < reds.length; i++) {
      rgb[3 * i] = (byte) reds[i];
    }
    return RgbImage.of(width, height, rgb);
  }

  private static int[] reds(RgbImage image) {
    int[] reds = new int[image.width() * image.height()];
    for (int i = 0; i < reds.length; i++) {
      reds[i] = image.rgb()[3 * i];
    }
    return reds;
  }
}
