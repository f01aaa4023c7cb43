package io.histoflow.datasets.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskAlignmentTest {

  private static final int EDGE = 256;

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0", "-1, 1", "2, -2"})
  void shouldFindByHowManyPixelsAMaskLiesBesideItsImage(int down, int right) {
    for (int seed = 1; seed <= 3; seed++) {
      // Given: synthetic tissue with its exact mask, moved away
      LabelledTile tile = new SyntheticTissue(seed).image("kidney", 0, EDGE, EDGE);
      Mask away = MaskAlignment.moved(tile.mask(), new MaskOffset(-down, -right, 0, true));

      // When
      MaskOffset offset = MaskAlignment.offset(with(tile, away));

      // Then
      assertThat(offset.found()).isTrue();
      assertThat(offset.down()).isCloseTo(down, within(0.15));
      assertThat(offset.right()).isCloseTo(right, within(0.15));
      assertThat(offset.pixels()).isCloseTo(Math.hypot(down, right), within(0.2));
      assertThat(offset.correlation()).isBetween(0.2, 1.0);
    }
  }

  @Test
  void shouldFindAFractionOfAPixel() {
    for (int seed = 1; seed <= 3; seed++) {
      // Given: an image at half size, and its mask sampled at each pixel's four quarters in turn;
      // the first and the last lie half a pixel apart both ways
      LabelledTile fine = new SyntheticTissue(seed).image("kidney", 0, 2 * EDGE, 2 * EDGE);
      RgbImage image = halved(fine.image());
      Mask upperLeft = sampled(fine.mask(), 0);
      Mask lowerRight = sampled(fine.mask(), 1);

      // When
      MaskOffset one = offset(image, upperLeft);
      MaskOffset other = offset(image, lowerRight);

      // Then
      assertThat(other.down() - one.down()).isCloseTo(0.5, within(0.1));
      assertThat(other.right() - one.right()).isCloseTo(0.5, within(0.1));
      assertThat(other.down() + one.down()).isCloseTo(0, within(0.15));
      assertThat(other.right() + one.right()).isCloseTo(0, within(0.15));
    }
  }

  @Test
  void shouldMoveByTheShareOfAPixelThatIsCovered() {
    // Given: one positive pixel in the middle
    Mask mask = Mask.of(3, 3, new byte[] {0, 0, 0, 0, 1, 0, 0, 0, 0});

    // When, Then: worked by hand, 0.75 x 0.75 = 0.5625 stays where it was
    assertThat(moved(mask, 0.25, 0.25)).containsExactly(0, 0, 0, 0, 1, 0, 0, 0, 0);
    // half and half
    assertThat(moved(mask, 0.5, 0)).containsExactly(0, 0, 0, 0, 1, 0, 0, 1, 0);
    // three quarters of it lie to the left
    assertThat(moved(mask, 0, -0.75)).containsExactly(0, 0, 0, 1, 0, 0, 0, 0, 0);
    // a quarter on each of four pixels: no pixel has half
    assertThat(moved(mask, 0.5, 0.5)).containsOnly(0);
  }

  @Test
  void shouldMoveWholePixelsExactlyAndRepeatTheEdge() {
    // Given: a mask of three by three with its left column positive
    Mask mask = Mask.of(3, 3, new byte[] {1, 0, 0, 1, 0, 0, 0, 0, 1});

    // When
    Mask moved = MaskAlignment.moved(mask, new MaskOffset(1, 1, 0, true));

    // Then: row and column 0 repeat what lay at the edge
    assertThat(moved.values()).containsExactly(1, 1, 0, 1, 1, 0, 1, 1, 0);
    assertThat(MaskAlignment.moved(mask, MaskOffset.none(0))).isSameAs(mask);
  }

  @Test
  void shouldLeaveAMaskThatTheImageDoesNotPlace() {
    LabelledTile tile = new SyntheticTissue(1).image("kidney", 0, EDGE, EDGE);
    SplittableRandom random = new SplittableRandom(1);
    byte[] noise = new byte[EDGE * EDGE];
    random.nextBytes(noise);
    byte[] few = new byte[EDGE * EDGE];
    Arrays.fill(few, 0, 100, (byte) 1);

    assertThat(MaskAlignment.offset(with(tile, Mask.of(EDGE, EDGE, new byte[EDGE * EDGE]))))
        .matches(offset -> !offset.found() && offset.pixels() == 0, "empty");
    assertThat(MaskAlignment.offset(with(tile, Mask.of(EDGE, EDGE, few))).found()).isFalse();
    assertThat(MaskAlignment.offset(with(tile, Mask.of(EDGE, EDGE, noise))).found()).isFalse();
    assertThat(MaskAlignment.offset(tile.crop(0, 0, 31, 200)).found()).isFalse();
  }

  @Test
  void shouldNotFollowAMaskThatIsFarAway() {
    // Given: too far for half a pixel of rounding; somebody has to look
    LabelledTile tile = new SyntheticTissue(2).image("kidney", 0, EDGE, EDGE);
    Mask away = MaskAlignment.moved(tile.mask(), new MaskOffset(5, 0, 0, true));

    // When, Then
    assertThat(MaskAlignment.offset(with(tile, away)).found()).isFalse();
  }

  @Test
  void shouldNotBeMisledByGlass() {
    // Given: an image without any stain
    byte[] white = new byte[EDGE * EDGE * 3];
    Arrays.fill(white, (byte) 255);
    LabelledTile glass =
        new LabelledTile(
            "glass", "kidney", RgbImage.of(EDGE, EDGE, white), ellipse(EDGE, 100, 100, 30, 30));

    // When, Then
    assertThat(MaskAlignment.offset(glass).found()).isFalse();
  }

  @Test
  void shouldRefuseOffsetsThatAreNone() {
    assertThatThrownBy(() -> new MaskOffset(Double.NaN, 0, 0.5, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> new MaskOffset(1, 0, 0.5, false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static LabelledTile with(LabelledTile tile, Mask mask) {
    return new LabelledTile(tile.id(), tile.organ(), tile.image(), mask);
  }

  private static Mask ellipse(int edge, double down, double right, double a, double b) {
    byte[] values = new byte[edge * edge];
    for (int y = 0; y < edge; y++) {
      for (int x = 0; x < edge; x++) {
        double inside = Math.pow((y - down) / a, 2) + Math.pow((x - right) / b, 2);
        values[y * edge + x] = (byte) (inside <= 1 ? 1 : 0);
      }
    }
    return Mask.of(edge, edge, values);
  }

  private static byte[] moved(Mask mask, double down, double right) {
    return MaskAlignment.moved(mask, new MaskOffset(down, right, 0, true)).values();
  }

  private static MaskOffset offset(RgbImage image, Mask mask) {
    return MaskAlignment.offset(new LabelledTile("half", "kidney", image, mask));
  }

  private static RgbImage halved(RgbImage image) {
    byte[] from = image.rgb();
    byte[] rgb = new byte[EDGE * EDGE * 3];
    int row = 3 * image.width();
    for (int i = 0; i < rgb.length; i++) {
      int at = 2 * (i / (3 * EDGE)) * row + 6 * (i / 3 % EDGE) + i % 3;
      int sum = 0;
      for (int corner : new int[] {at, at + 3, at + row, at + row + 3}) {
        sum += from[corner] & 0xff;
      }
      rgb[i] = (byte) (sum / 4);
    }
    return RgbImage.of(EDGE, EDGE, rgb);
  }

  /** The mask at half size by the pixels of even (0) or odd (1) rows and columns. */
  private static Mask sampled(Mask mask, int odd) {
    byte[] values = new byte[EDGE * EDGE];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (mask.at(2 * (i % EDGE) + odd, 2 * (i / EDGE) + odd) ? 1 : 0);
    }
    return Mask.of(EDGE, EDGE, values);
  }
}
