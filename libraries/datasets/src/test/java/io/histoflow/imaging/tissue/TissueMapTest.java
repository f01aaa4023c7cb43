package io.histoflow.imaging.tissue;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TissueMapTest {
  private static final int EDGE = 100;
  private static final int[] GLASS = {238, 236, 240};
  private static final int[] TISSUE = {200, 150, 190};

  /** A quarter of a nucleus and glass for the rest. */
  private static final int[] LONE_NUCLEUS = {222, 214, 228};

  @Test
  void shouldFindTissueAndCallTheRestGlass() {
    // Given: a piece of tissue on glass with a little noise
    RgbImage slide = glass(GLASS);
    paint(slide, 30, 40, 20, TISSUE);

    // When
    TissueMap map = TissueMap.of(slide);

    // Then: the piece, and nothing else
    assertThat(map.mask().positivePixels()).isEqualTo(20 * 20);
    assertThat(map.hasTissue(new TileGrid.Tile(0, 0, 256, 256), 32)).isFalse();
    assertThat(map.hasTissue(new TileGrid.Tile(32 * 32, 42 * 32, 256, 256), 32)).isTrue();
    assertThat(map.hasTissue(new TileGrid.Tile(50 * 32, 40 * 32, 64, 64), 32))
        .as("glass right beside tissue")
        .isTrue();
    assertThat(map.hasTissue(new TileGrid.Tile(53 * 32, 40 * 32, 64, 64), 32)).isFalse();
  }

  @Test
  void shouldFindALoneNucleusOnTintedGlass() {
    for (int[] tint : new int[][] {GLASS, {225, 228, 231}, {250, 250, 250}}) {
      // Given
      RgbImage slide = glass(tint);
      int[] nucleus = new int[3];
      Arrays.setAll(nucleus, c -> LONE_NUCLEUS[c] - GLASS[c] + tint[c]);
      paint(slide, 70, 20, 1, nucleus);

      // When
      TissueMap map = TissueMap.of(slide);

      // Then
      assertThat(map.mask().positivePixels()).isEqualTo(1);
      assertThat(map.mask().at(70, 20)).isTrue();
    }
  }

  @Test
  void shouldNotTakeThePalestTissueOfACoveredSlideForGlass() {
    // Given: no glass at all
    RgbImage slide = glass(new int[] {226, 190, 214});
    paint(slide, 0, 0, 50, TISSUE);

    // When, Then
    assertThat(TissueMap.of(slide).mask().positivePixels()).isEqualTo(EDGE * EDGE);
  }

  @Test
  void shouldTakeWhatCouldNotBeReadForTissue() {
    RgbImage slide = glass(GLASS);
    paint(slide, 10, 10, 5, new int[] {0, 0, 0});
    assertThat(TissueMap.of(slide).mask().positivePixels()).isEqualTo(25);
    assertThat(TissueMap.of(glass(GLASS)).isEmpty()).isTrue();
  }

  private static RgbImage glass(int[] colour) {
    Random random = new Random(5);
    byte[] rgb = new byte[EDGE * EDGE * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (colour[i % 3] + random.nextInt(3) - 1);
    }
    return RgbImage.of(EDGE, EDGE, rgb);
  }

  private static void paint(RgbImage image, int left, int top, int edge, int[] colour) {
    for (int y = top; y < top + edge; y++) {
      for (int x = left; x < left + edge; x++) {
        for (int c = 0; c < 3; c++) {
          image.rgb()[3 * (y * EDGE + x) + c] = (byte) colour[c];
        }
      }
    }
  }
}
