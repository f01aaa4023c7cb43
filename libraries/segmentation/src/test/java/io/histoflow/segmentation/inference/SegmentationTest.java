package io.histoflow.segmentation.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.Mask;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentationTest {

  @Test
  void shouldDivideWhatLiesBelowAndAboveTheThresholdIntoEightLevelsEach() {
    // Given: edges of levels, and what lies between them
    float[] probabilities = {0, 0.04f, 0.0625f, 0.25f, 0.26f, 0.375f, 0.9f, 1};

    // When
    GreyImage levels = new Segmentation(8, 1, probabilities, 0.25, "kidney").levels();

    // Then
    assertThat(levels.values()).containsExactly(new int[] {0, 17, 34, 119, 136, 153, 238, 255});
  }

  @Test
  void shouldHaveTheMaskAtTheEighthLevelWhateverTheThreshold() {
    Random random = new Random(4);
    float[] probabilities = new float[64 * 64];
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = random.nextInt(8) == 0 ? random.nextInt(2) : random.nextFloat();
    }
    for (double threshold : new double[] {0, 0.003, 0.3, 0.5, 0.97, 1}) {
      // When
      Segmentation segmentation = new Segmentation(64, 64, probabilities, threshold, "kidney");
      GreyImage levels = segmentation.levels();

      // Then
      Mask mask = segmentation.mask();
      for (int i = 0; i < probabilities.length; i++) {
        int level = (levels.values()[i] & 0xFF) / 17;
        assertThat(level).isBetween(0, 15);
        assertThat(level >= 8)
            .as("%s at %s", probabilities[i], threshold)
            .isEqualTo(mask.values()[i] != 0);
      }
    }
  }
}
