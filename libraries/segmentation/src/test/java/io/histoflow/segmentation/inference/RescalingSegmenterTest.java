package io.histoflow.segmentation.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.resolution.Resampling;
import io.histoflow.imaging.resolution.Rescaling;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RescalingSegmenterTest {

  private final List<RgbImage> seen = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.7, 1, 1.4, 4})
  void shouldAnswerInTheImagesOwnPixelsWhatWasSeenInTheModels(double factor) {
    // Given an image that grows lighter from the left
    RgbImage image = slope(200, 40);

    // When
    float[] own =
        RescalingSegmenter.of(this::brightness, new Rescaling(factor)).probabilities(image, "lung");

    // Then, to the ends of the slope, each pixel has its own brightness
    assertThat(seen.get(0).width()).isEqualTo((int) Math.round(200 * factor));
    for (int x = 8; x < 192; x++) {
      assertThat(own[20 * 200 + x]).isCloseTo(x * 0.8f / 255, within(0.004f));
    }
  }

  @Test
  void shouldSeeALargeImageInPartsThatStaySmallAndLeaveNoSeam() {
    // Given 800 x 600 pixels that are 3200 x 2400 of the model
    RgbImage image = slope(800, 600);

    // When
    float[] own =
        RescalingSegmenter.of(this::brightness, new Rescaling(4)).probabilities(image, "lung");

    // Then
    assertThat(seen).hasSizeGreaterThan(4);
    assertThat(seen).allMatch(part -> part.width() <= 1024 && part.height() <= 1024);
    for (int x = 1; x < 300; x++) {
      assertThat(own[300 * 800 + x]).isCloseTo(x * 0.8f / 255, within(0.006f));
    }
  }

  @Test
  void shouldFindInAnImageOf20xWhatTheModelThatShipsFindsAt40x() {
    // Given
    RgbImage fine = new SyntheticTissue(3).image("kidney", 1, 256, 192).image();
    RgbImage coarse = Resampling.image(fine, 128, 96);
    try (Segmenter segmenter = Segmenter.open(Checkpoint.shipped(), Compute.cpu())) {

      // When
      float[] full = segmenter.probabilities(fine, "kidney");
      float[] half =
          RescalingSegmenter.of(segmenter, new Rescaling(2)).probabilities(coarse, "kidney");

      // Then
      Mask expected = positive(Resampling.probabilities(full, 256, 192, 128, 96));
      double unscaled = dice(positive(segmenter.probabilities(coarse, "kidney")), expected);
      assertThat(dice(positive(half), expected)).isGreaterThan(0.98).isGreaterThan(unscaled);
    }
  }

  private float[] brightness(RgbImage image, String organ) {
    seen.add(image);
    float[] p = new float[image.width() * image.height()];
    for (int i = 0; i < p.length; i++) {
      p[i] = (image.rgb()[3 * i] & 0xFF) / 255f;
    }
    return p;
  }

  private static RgbImage slope(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) Math.min(255, Math.round(i / 3 % width * 0.8));
    }
    return RgbImage.of(width, height, rgb);
  }

  private static Mask positive(float[] probabilities) {
    byte[] values = new byte[probabilities.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (probabilities[i] > 0.5 ? 1 : 0);
    }
    return Mask.of(128, 96, values);
  }

  private static double dice(Mask one, Mask other) {
    int both = 0;
    for (int i = 0; i < one.values().length; i++) {
      both += one.values()[i] & other.values()[i];
    }
    return 2.0 * both / (one.positivePixels() + other.positivePixels());
  }
}
