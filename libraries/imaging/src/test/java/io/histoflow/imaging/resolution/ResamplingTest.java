package io.histoflow.imaging.resolution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplingTest {

  @ParameterizedTest
  @CsvSource({"64, 48", "32, 24", "41, 37", "16, 48", "1, 1", "63, 47"})
  void shouldShrinkByTheMeanOfWhatAPixelCovers(int width, int height) {
    // Given
    RgbImage image = random(64, 48);

    // When
    RgbImage small = Resampling.image(image, width, height);

    // Then it is what the JDK's own area averaging gives, which rounds in between
    BufferedImage expected = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Image scaled =
        image.toBufferedImage().getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING);
    assertThat(expected.createGraphics().drawImage(scaled, 0, 0, null)).isTrue();
    assertThat(largestDifference(small.rgb(), RgbImage.from(expected).rgb())).isLessThan(2);
  }

  @Test
  void shouldEnlargeAsAnotherLibraryDoes() {
    // Given: 5 x 4 values, and what Pillow 12's bicubic resize makes of them, 9 x 7
    int[] values = {
      248, 194, 190, 207, 147, 26, 237, 21, 245, 211, 239, 45, 5, 157, 159, 60, 54, 236, 109, 46
    };
    int[] expected = {
      255, 244, 195, 191, 203, 209, 199, 159, 137, 169, 187, 214, 181, 140, 186, 221, 186, 164, 12,
      95, 234, 152, 29, 143, 252, 227, 207, 129, 139, 149, 65, 0, 104, 215, 207, 195, 254, 184, 56,
      8, 15, 91, 158, 157, 152, 128, 96, 45, 93, 166, 149, 115, 88, 75, 45, 41, 46, 150, 254, 185,
      94, 51, 32
    };

    // When
    RgbImage enlarged = Resampling.image(grey(5, 4, values), 9, 7);

    // Then: it rounds between the axes, which is not done here
    assertThat(largestDifference(enlarged.rgb(), grey(9, 7, expected).rgb())).isLessThan(2);
  }

  @ParameterizedTest
  @CsvSource({"2", "1.4", "3.7", "1.06"})
  void shouldPutACubicThroughThePixels(double factor) {
    // Given a row of probabilities
    int sources = 40;
    int length = (int) Math.round(sources * factor);
    float[] row = new float[sources];
    Random random = new Random(5);
    for (int i = 0; i < sources; i++) {
      row[i] = 0.3f + 0.4f * random.nextFloat();
    }

    // When
    float[] longer = Resampling.probabilities(row, sources, 1, length, 1);

    // Then away from the ends each is Catmull-Rom's polynomial of its four neighbours
    for (int i = 0; i < length; i++) {
      double at = (i + 0.5) * sources / length - 0.5;
      int k = (int) Math.floor(at);
      if (k < 1 || k > sources - 3) {
        continue;
      }
      double t = at - k;
      double linear = row[k + 1] - row[k - 1];
      double square = 2 * row[k - 1] - 5 * row[k] + 4 * row[k + 1] - row[k + 2];
      double cube = 3 * row[k] - row[k - 1] - 3 * row[k + 1] + row[k + 2];
      double expected = 0.5 * (2 * row[k] + linear * t + square * t * t + cube * t * t * t);
      assertThat((double) longer[i]).as("sample %d", i).isCloseTo(expected, within(1e-6));
    }
  }

  @Test
  void shouldKeepWhatIsEvenAndStayWithinProbabilities() {
    // Given
    float[] even = new float[30 * 20];
    Arrays.fill(even, 0.7f);
    float[] sharp = new float[30 * 20];
    for (int i = 0; i < sharp.length; i++) {
      sharp[i] = i % 30 / 5 % 2;
    }

    // Then no border darkens, and a cubic that swings over is cut
    for (float value : Resampling.probabilities(even, 30, 20, 71, 53)) {
      assertThat(value).isCloseTo(0.7f, within(1e-5f));
    }
    for (float value : Resampling.probabilities(sharp, 30, 20, 71, 53)) {
      assertThat(value).isBetween(0f, 1f);
    }
  }

  @Test
  void shouldCallAPixelOfAMaskPositiveWhereHalfOfItIs() {
    // Given: a half, a quarter, three quarters, and none
    Mask mask = Mask.of(8, 2, new byte[] {1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0});

    // Then
    assertThat(Resampling.mask(mask, 4, 1)).isEqualTo(Mask.of(4, 1, new byte[] {1, 0, 1, 0}));
    assertThat(Resampling.mask(Resampling.mask(mask, 32, 8), 8, 2)).isEqualTo(mask);
  }

  @Test
  void shouldBringAMapOfBlocksBackWhoseLastReachesOverTheEdge() {
    // Given: 40 x 24 pixels of a model, seen at half of its resolution as 20 x 12, and 18 as well
    GreyImage map = GreyImage.of(10, 6, new byte[60]);
    for (int i = 0; i < 60; i++) {
      map.values()[i] = (byte) (4 * (i % 10));
    }

    // When
    GreyImage whole = new Rescaling(2).back(map, 20, 12, 4);
    GreyImage cut = new Rescaling(2).back(map, 18, 12, 4);

    // Then
    assertThat(whole.width()).isEqualTo(5);
    assertThat(whole.height()).isEqualTo(3);
    assertThat(Arrays.copyOf(whole.values(), 5)).containsExactly(2, 10, 18, 26, 34);
    assertThat(Arrays.copyOf(cut.values(), 5)).containsExactly(2, 10, 18, 26, 34);
  }

  @Test
  void shouldKeepAPixel() {
    assertThat(Resampling.image(random(1, 1), 4, 1).rgb()).hasSize(12);
    assertThat(new Rescaling(0.25).toModel(random(1, 3)).width()).isEqualTo(1);
  }

  private static RgbImage random(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new Random(1).nextBytes(rgb);
    return RgbImage.of(width, height, rgb);
  }

  private static RgbImage grey(int width, int height, int[] values) {
    byte[] rgb = new byte[3 * values.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) values[i / 3];
    }
    return RgbImage.of(width, height, rgb);
  }

  private static int largestDifference(byte[] ones, byte[] others) {
    assertThat(ones).hasSameSizeAs(others);
    int largest = 0;
    for (int i = 0; i < ones.length; i++) {
      largest = Math.max(largest, Math.abs((ones[i] & 0xFF) - (others[i] & 0xFF)));
    }
    return largest;
  }
}
