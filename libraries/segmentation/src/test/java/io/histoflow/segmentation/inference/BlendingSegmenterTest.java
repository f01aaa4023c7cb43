package io.histoflow.segmentation.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import org.junit.jupiter.api.Test;

class BlendingSegmenterTest {

  private static final int REACH = 12;

  /** Darkness averaged over what it sees within 12 pixels: near an edge of a tile it sees less. */
  private static final TileSegmenter SHORT_SIGHTED = BlendingSegmenterTest::meanDarkness;

  @Test
  void shouldComeCloseToTheWholeImageWhereTilesSeeLess() {
    // Given: 4 x 3 tiles of 64 that overlap by 32
    RgbImage image = new SyntheticTissue(3).image("kidney", 0, 150, 120).image();

    // When
    float[] whole = SHORT_SIGHTED.probabilities(image, "kidney");
    float[] cut = new BlendingSegmenter(SHORT_SIGHTED, 64, 0).probabilities(image, "kidney");
    float[] blended = new BlendingSegmenter(SHORT_SIGHTED, 64, 32).probabilities(image, "kidney");

    // Then: a pixel that one tile sees badly, another sees whole and counts for more
    assertThat(largestDifference(cut, whole)).isGreaterThan(0.05);
    assertThat(largestDifference(blended, whole)).isLessThan(0.03);
  }

  @Test
  void shouldLeaveNoSeamBetweenTilesOfTheRealNetwork() {
    // Given: the shipped model on a synthetic image of three tiles of 128 pixels
    int width = 288;
    int height = 128;
    RgbImage image = new SyntheticTissue(3).image("kidney", 1, width, height).image();
    try (Segmenter segmenter = Segmenter.open(Checkpoint.shipped(), Compute.cpu())) {

      // When
      float[] whole = segmenter.probabilities(image, "kidney");
      float[] cut = new BlendingSegmenter(segmenter, 128, 0).probabilities(image, "kidney");
      float[] blended = new BlendingSegmenter(segmenter, 128, 32).probabilities(image, "kidney");

      // Then: what blending changes does not jump where a tile begins or ends, as hard cuts do
      double seam = largestStepAtEdges(cut, whole, width, height, 0);
      assertThat(seam).isGreaterThan(0.005);
      assertThat(largestStepAtEdges(blended, whole, width, height, 32)).isLessThan(seam / 3);
    }
  }

  private static double largestDifference(float[] a, float[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  /** Mean over the rows of how much the difference to the whole changes across a tile's edge. */
  private static double largestStepAtEdges(
      float[] tiled, float[] whole, int width, int height, int overlap) {
    double largest = 0;
    for (TileGrid.Tile tile : new TileGrid(width, height, 128, overlap).tiles()) {
      for (int x : new int[] {tile.x(), tile.x() + tile.width()}) {
        if (x > 0 && x < width) {
          double sum = 0;
          for (int y = 0; y < height; y++) {
            int i = y * width + x;
            sum += Math.abs(tiled[i] - whole[i] - (tiled[i - 1] - whole[i - 1]));
          }
          largest = Math.max(largest, sum / height);
        }
      }
    }
    return largest;
  }

  private static float[] meanDarkness(RgbImage image, String organ) {
    int width = image.width();
    int height = image.height();
    long[][] sums = new long[height + 1][width + 1];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int dark = 255 - (image.rgb()[3 * (y * width + x)] & 0xFF);
        sums[y + 1][x + 1] = dark + sums[y][x + 1] + sums[y + 1][x] - sums[y][x];
      }
    }
    float[] p = new float[width * height];
    for (int y = 0; y < height; y++) {
      int top = Math.max(0, y - REACH);
      int bottom = Math.min(height, y + REACH + 1);
      for (int x = 0; x < width; x++) {
        int left = Math.max(0, x - REACH);
        int right = Math.min(width, x + REACH + 1);
        long sum = sums[bottom][right] - sums[top][right] - sums[bottom][left] + sums[top][left];
        p[y * width + x] = sum / (255f * (bottom - top) * (right - left));
      }
    }
    return p;
  }
}
