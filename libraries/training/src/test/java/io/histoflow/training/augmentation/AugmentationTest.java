package io.histoflow.training.augmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AugmentationTest {

  private static final AugmentationSettings BLIND =
      new AugmentationSettings(0, 0.5, 1.25, 0, 0, 0, 1, 0, 0);

  @Test
  void shouldTurnAndMirrorImageAndMaskAlike() {
    // Given: red is 255 exactly where the mask is 1.
    int side = 64;
    byte[] rgb = new byte[3 * side * side];
    byte[] mask = new byte[side * side];
    Random random = new Random(1);
    for (int i = 0; i < mask.length; i++) {
      mask[i] = (byte) (random.nextInt(4) == 0 ? 1 : 0);
      rgb[3 * i] = (byte) (255 * mask[i]);
      rgb[3 * i + 1] = (byte) random.nextInt(256);
    }
    LabelledTile tile =
        new LabelledTile("a", "kidney", RgbImage.of(side, side, rgb), Mask.of(side, side, mask));
    int size = 32;
    int exact = 0;
    for (int seed = 0; seed < 40; seed++) {
      byte[] cropped = new byte[3 * size * size];
      byte[] croppedMask = new byte[size * size];

      // When
      new CropSampler(size, BLIND).sample(tile, new SplittableRandom(seed), cropped, croppedMask);

      // Then: without a warp every pixel fits; with one, most do, for the image is interpolated.
      int fitting = 0;
      for (int i = 0; i < croppedMask.length; i++) {
        fitting += ((cropped[3 * i] & 0xff) >= 128) == (croppedMask[i] == 1) ? 1 : 0;
      }
      assertThat(fitting).isGreaterThan((int) (0.75 * croppedMask.length));
      exact += fitting == croppedMask.length && sorted(cropped) ? 1 : 0;
    }
    assertThat(exact).isBetween(8, 32);
  }

  private static boolean sorted(byte[] rgb) {
    for (int i = 0; i < rgb.length; i += 3) {
      if (rgb[i] != 0 && rgb[i] != (byte) 255) {
        return false;
      }
    }
    return true;
  }

  @Test
  void shouldReflectATileSmallerThanTheCrop() {
    // Given
    LabelledTile tile =
        new LabelledTile(
            "a", "kidney", RgbImage.of(1, 1, new byte[] {9, 8, 7}), Mask.of(1, 1, new byte[] {1}));
    byte[] rgb = new byte[3 * 32 * 32];
    byte[] mask = new byte[32 * 32];
    for (int seed = 0; seed < 4; seed++) {
      // When
      new CropSampler(32, BLIND).sample(tile, new SplittableRandom(seed), rgb, mask);

      // Then
      for (int i = 0; i < mask.length; i++) {
        assertThat(mask[i]).isEqualTo((byte) 1);
        assertThat(rgb[3 * i + 2]).isEqualTo((byte) 7);
      }
    }
  }

  @Test
  void shouldLeaveColoursAloneWithoutJitterAndMoveThemModeratelyWithIt() {
    // Given: a purple and a pink.
    byte[] rgb = {(byte) 120, 70, (byte) 150, (byte) 230, (byte) 160, (byte) 200};

    // When
    byte[] same = rgb.clone();
    new StainJitter(0).apply(same, new SplittableRandom(1));
    double moved = 0;
    for (int seed = 0; seed < 200; seed++) {
      byte[] jittered = rgb.clone();
      new StainJitter(0.2).apply(jittered, new SplittableRandom(seed));
      for (int i = 0; i < rgb.length; i++) {
        int change = Math.abs((jittered[i] & 0xff) - (rgb[i] & 0xff));
        assertThat(change).isLessThan(90);
        moved += change / (200.0 * rgb.length);
      }
    }

    // Then
    assertThat(same).containsExactly(rgb);
    assertThat(moved).isBetween(3.0, 30.0);
  }

  @Test
  void shouldShowARarePositiveInAsManyCropsAsAsked() {
    // Given: a tile of 400 x 400 pixels with one positive pixel; a blind crop of 32 misses it.
    byte[] values = new byte[400 * 400];
    values[150 * 400 + 250] = 1;
    LabelledTile tile =
        new LabelledTile(
            "a",
            "kidney",
            RgbImage.of(400, 400, new byte[3 * 400 * 400]),
            Mask.of(400, 400, values));
    int size = 32;
    byte[] mask = new byte[size * size];

    // When
    int blind = 0;
    int led = 0;
    AugmentationSettings half = new AugmentationSettings(0.5, 0, 1, 0, 0, 0, 1, 0, 0);
    for (int seed = 0; seed < 400; seed++) {
      new CropSampler(size, BLIND)
          .sample(tile, new SplittableRandom(seed), new byte[3 * size * size], mask);
      blind += sum(mask);
      new CropSampler(size, half)
          .sample(tile, new SplittableRandom(seed), new byte[3 * size * size], mask);
      led += sum(mask);
    }

    // Then
    assertThat(blind).isLessThan(20);
    assertThat(led).isBetween(160, 240);
  }

  @Test
  void shouldDrawPositivePixelsEvenlyAndNoneOfAnEmptyMask() {
    // Given
    byte[] values = new byte[10_000];
    values[17] = 1;
    values[9_999] = 1;

    // When
    int first = 0;
    for (int seed = 0; seed < 1000; seed++) {
      int at = CropSampler.positivePixel(Mask.of(100, 100, values), new SplittableRandom(seed));
      assertThat(at).isIn(17, 9_999);
      first += at == 17 ? 1 : 0;
    }

    // Then
    assertThat(first).isBetween(430, 570);
    assertThat(
            CropSampler.positivePixel(Mask.of(100, 100, new byte[10_000]), new SplittableRandom(1)))
        .isEqualTo(-1);
  }

  @Test
  void shouldBendImageAndMaskTogetherAndSmoothly() {
    // Given: red is 255 exactly where the mask is 1, in blobs larger than the interpolation.
    LabelledTile painted = new SyntheticTissue(1).tile("kidney", 0, 128);
    byte[] rgb = new byte[3 * 128 * 128];
    for (int i = 0; i < 128 * 128; i++) {
      rgb[3 * i] = (byte) (255 * painted.mask().values()[i]);
    }
    LabelledTile tile = new LabelledTile("a", "kidney", RgbImage.of(128, 128, rgb), painted.mask());
    AugmentationSettings bent = new AugmentationSettings(0, 1, 1, 1, 4, 0, 1, 0, 0);
    byte[] cropped = new byte[3 * 96 * 96];
    byte[] mask = new byte[96 * 96];

    // When
    new CropSampler(96, bent).sample(tile, new SplittableRandom(3), cropped, mask);
    ElasticField field = new ElasticField(96, 4, new SplittableRandom(3));

    // Then
    int fitting = 0;
    for (int i = 0; i < mask.length; i++) {
      fitting += ((cropped[3 * i] & 0xff) >= 128) == (mask[i] == 1) ? 1 : 0;
    }
    assertThat(fitting).isGreaterThan((int) (0.98 * mask.length));
    double most = 0;
    for (int v = 0; v < 96; v++) {
      for (int u = 1; u < 96; u++) {
        most = Math.max(most, Math.abs(field.dx(u, v)));
        assertThat(field.dx(u, v)).isCloseTo(field.dx(u - 1, v), within(0.6));
        assertThat(field.dy(v, u)).isCloseTo(field.dy(v, u - 1), within(0.6));
      }
    }
    assertThat(most).isBetween(0.5, 12.0);
  }

  @Test
  void shouldBlurAPointIntoAGaussianThatKeepsItsLight() {
    // Given: one bright pixel of 5 x 5.
    int size = 9;
    byte[] rgb = new byte[3 * size * size];
    int middle = 3 * (4 * size + 4);
    rgb[middle] = (byte) 255;

    // When
    new GaussianBlur(size).apply(rgb, 1);

    // Then: a Gaussian of sigma 1 on whole pixels has 0.1592 in its middle, e^-0.5 of it beside.
    assertThat(rgb[middle] & 0xff).isCloseTo(41, within(1));
    assertThat(rgb[middle + 3] & 0xff).isCloseTo(25, within(1));
    assertThat(rgb[middle + 3 * size] & 0xff).isCloseTo(25, within(1));
    int light = 0;
    for (byte value : rgb) {
      light += value & 0xff;
    }
    assertThat(light).isCloseTo(255, within(12));
  }

  @Test
  void shouldDrawTheSameCropForTheSameNumbers() {
    // Given
    LabelledTile tile = new SyntheticTissue(1).tile("kidney", 0, 96);
    Augmentation augmentation = new Augmentation(AugmentationSettings.standard(), 64);
    byte[] one = new byte[3 * 64 * 64];
    byte[] two = new byte[3 * 64 * 64];
    byte[] mask = new byte[64 * 64];

    // When
    augmentation.draw(tile, new SplittableRandom(5), one, mask);
    augmentation.draw(tile, new SplittableRandom(5), two, mask);

    // Then
    assertThat(one).containsExactly(two);
  }

  @Test
  void shouldNameTheSettingThatIsOutOfRange() {
    assertThatThrownBy(() -> new AugmentationSettings(0, 0.5, 3, 0, 0, 0, 1, 0, 0))
        .hasMessage("the augmentation's scale must be in 1.0..2.0, not 3.0");
  }

  private static int sum(byte[] mask) {
    int sum = 0;
    for (byte value : mask) {
      sum += value;
    }
    return sum;
  }
}
