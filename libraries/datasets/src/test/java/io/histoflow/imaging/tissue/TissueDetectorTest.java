package io.histoflow.imaging.tissue;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.ImageDecoder;
import io.histoflow.imaging.codec.RgbJpeg;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TissueDetectorTest {
  private static final int EDGE = 64;
  private static final int[] GLASS = {238, 236, 240};
  private static final int[] NUCLEUS = {110, 80, 150};
  private static final int[] FAINT_EOSIN = {240, 218, 228};

  @Test
  void shouldCallEmptyGlassBackgroundInSpiteOfNoiseAndJpeg() throws ImageRejectedException {
    // Given: synthetic glass with the noise of a sensor, as it comes out of JPEG
    RgbImage noisy = noisy(glass(EDGE, EDGE), 8);
    RgbImage decoded = new ImageDecoder(ImageLimits.forTiles()).decode(RgbJpeg.encode(noisy, 0.75));

    // Then
    assertThat(TissueDetector.hasTissue(noisy)).isFalse();
    assertThat(TissueDetector.hasTissue(decoded)).isFalse();
    assertThat(TissueDetector.hasTissue(white(EDGE, EDGE))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "61, 61", "30, 33", "0, 61", "13, 2"})
  void shouldFindOneNucleusOfAFewPixelsWhereverItLies(int x, int y) {
    // Given: 3 x 3 pixels, which four blocks may share
    RgbImage tile = noisy(glass(EDGE, EDGE), 4);

    // When
    paint(tile, x, y, 3, NUCLEUS);

    // Then
    assertThat(TissueDetector.hasTissue(tile)).isTrue();
  }

  @Test
  void shouldFindTissueByItsColourWhereItIsBrightAsGlass() {
    // Given
    RgbImage tile = glass(EDGE, EDGE);

    // When
    paint(tile, 20, 20, 8, FAINT_EOSIN);

    // Then
    assertThat(TissueDetector.hasTissue(tile)).isTrue();
  }

  @Test
  void shouldLeaveToTheNetworkWhatIsDarkWithoutBeingTissue() {
    // Given: a pen mark, and a tile that got no light
    RgbImage pen = glass(EDGE, EDGE);
    paint(pen, 5, 5, 10, new int[] {30, 60, 200});

    // Then
    assertThat(TissueDetector.hasTissue(pen)).isTrue();
    assertThat(TissueDetector.hasTissue(RgbImage.of(8, 8, new byte[8 * 8 * 3]))).isTrue();
  }

  @Test
  void shouldLookAtThePixelsBeyondTheLastWholeBlock() {
    // Given: tiles of 1 pixel and of odd size, with one dark pixel in the last corner
    RgbImage odd = glass(13, 9);
    RgbImage pixel = glass(1, 1);

    // When
    paint(odd, 12, 8, 1, NUCLEUS);

    // Then
    assertThat(TissueDetector.hasTissue(odd)).isTrue();
    assertThat(TissueDetector.hasTissue(glass(13, 9))).isFalse();
    assertThat(TissueDetector.hasTissue(pixel)).isFalse();
  }

  @Test
  void shouldFindTissueInEverySyntheticTileWithNuclei() {
    SyntheticTissue tissue = new SyntheticTissue(5);
    for (String organ : SyntheticTissue.organs()) {
      for (int i = 0; i < 20; i++) {
        LabelledTile tile = tissue.tile(organ, i, 32);
        assertThat(TissueDetector.hasTissue(tile.image()))
            .as(tile.id())
            .isIn(true, tile.mask().positivePixels() > 0);
      }
    }
  }

  private static RgbImage white(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    Arrays.fill(rgb, (byte) 0xFF);
    return RgbImage.of(width, height, rgb);
  }

  private static RgbImage glass(int width, int height) {
    RgbImage tile = white(width, height);
    paint(tile, 0, 0, Math.max(width, height), GLASS);
    return tile;
  }

  private static void paint(RgbImage tile, int left, int top, int edge, int[] colour) {
    for (int y = top; y < Math.min(tile.height(), top + edge); y++) {
      for (int x = left; x < Math.min(tile.width(), left + edge); x++) {
        for (int channel = 0; channel < 3; channel++) {
          tile.rgb()[3 * (y * tile.width() + x) + channel] = (byte) colour[channel];
        }
      }
    }
  }

  private static RgbImage noisy(RgbImage tile, int amplitude) {
    Random random = new Random(3);
    byte[] rgb = tile.rgb().clone();
    for (int i = 0; i < rgb.length; i++) {
      int value = (rgb[i] & 0xFF) + random.nextInt(2 * amplitude + 1) - amplitude;
      rgb[i] = (byte) Math.max(0, Math.min(255, value));
    }
    return RgbImage.of(tile.width(), tile.height(), rgb);
  }
}
