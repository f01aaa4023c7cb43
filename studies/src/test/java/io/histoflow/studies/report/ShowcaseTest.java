package io.histoflow.studies.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.evaluation.ImageResult;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid.Tile;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShowcaseTest {

  @Test
  void shouldChooseTheTwoWorstTwoMedianAndTwoBestByRecall() {
    // Given: nine images of recall 1/9, 2/9, ... 1 and one with nothing to find
    List<ImageResult> results =
        IntStream.rangeClosed(0, 9).mapToObj(found -> result(found, 9)).toList();

    // When
    List<ShowcaseChoice> choices = ShowcaseChoice.of(results);

    // Then
    assertThat(choices).extracting(ShowcaseChoice::index).containsExactly(1, 2, 4, 5, 8, 9);
    assertThat(choices)
        .extracting(ShowcaseChoice::reason)
        .containsExactly(
            "worst recall",
            "worst recall",
            "median recall",
            "median recall",
            "best recall",
            "best recall");
  }

  @Test
  void shouldShowEachOfFewImagesOnce() {
    assertThat(ShowcaseChoice.of(List.of())).isEmpty();
    assertThat(ShowcaseChoice.of(List.of(result(1, 2))))
        .extracting(ShowcaseChoice::reason)
        .containsExactly("worst recall");
    assertThat(ShowcaseChoice.of(List.of(result(2, 2), result(1, 2))))
        .extracting(ShowcaseChoice::index)
        .containsExactly(1, 0);
    assertThat(ShowcaseChoice.of(List.of(result(2, 3), result(1, 3), result(3, 3))))
        .extracting(ShowcaseChoice::reason)
        .containsExactly("worst recall", "median recall", "best recall");
  }

  @Test
  void shouldCutALargeImageToWhereMostIsMissed() {
    // Given: 500 x 400 pixels, positive in a block at the lower right that the model misses, and in
    // one at the upper left that it finds
    int width = 500;
    int height = 400;
    byte[] truth = new byte[width * height];
    float[] p = new float[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        boolean missed = x >= 480 && y >= 390;
        boolean found = x < 20 && y < 20;
        truth[i] = (byte) (missed || found ? 1 : 0);
        p[i] = found ? 0.9f : 0.1f;
      }
    }
    LabelledTile image =
        new LabelledTile(
            "a",
            "lung",
            RgbImage.of(width, height, new byte[3 * width * height]),
            Mask.of(width, height, truth));
    ImageResult result = ImageResult.of(image, p, 0.5);

    // When
    Showcase showcase = Showcase.of("worst recall", result, image, p);

    // Then: the found block lies outside; truth and probabilities are those inside
    assertThat(showcase.window()).isEqualTo(new Tile(116, 16, 384, 384));
    assertThat(showcase.tile().mask().positivePixels()).isEqualTo(20 * 10);
    assertThat(showcase.segmentation().mask().positivePixels()).isZero();
    assertThat(showcase.tile().image().width()).isEqualTo(384);
  }

  @Test
  void shouldShowASmallImageWhole() {
    // Given
    LabelledTile image =
        new LabelledTile("a", "lung", RgbImage.of(2, 1, new byte[6]), Mask.of(2, 1, new byte[2]));
    float[] p = {0.9f, 0.1f};

    // When
    Showcase showcase = Showcase.of("best recall", ImageResult.of(image, p, 0.5), image, p);

    // Then
    assertThat(showcase.window()).isEqualTo(new Tile(0, 0, 2, 1));
    assertThat(showcase.segmentation().mask().at(0, 0)).isTrue();
    assertThat(showcase.segmentation().mask().at(1, 0)).isFalse();
  }

  private static ImageResult result(int found, int positive) {
    byte[] truth = new byte[10];
    float[] p = new float[10];
    for (int i = 0; i < positive && found > 0; i++) {
      truth[i] = 1;
      p[i] = i < found ? 1 : 0;
    }
    LabelledTile tile =
        new LabelledTile(
            "i" + found, "lung", RgbImage.of(10, 1, new byte[30]), Mask.of(10, 1, truth));
    return ImageResult.of(tile, p, 0.5);
  }
}
