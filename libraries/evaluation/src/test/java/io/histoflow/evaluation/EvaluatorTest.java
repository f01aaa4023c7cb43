package io.histoflow.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.resolution.ModelResolution;
import io.histoflow.segmentation.inference.BlendingSegmenter;
import io.histoflow.segmentation.inference.TileSegmenter;
import io.histoflow.segmentation.thresholds.MaskThreshold;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class EvaluatorTest {

  private static final EvaluatedModel MODEL = new EvaluatedModel("m", 3, 16, "ab12");

  /** Says of each pixel that its red channel is its probability in 255ths. */
  private static final TileSegmenter RED =
      (image, organ) -> {
        float[] p = new float[image.width() * image.height()];
        for (int i = 0; i < p.length; i++) {
          p[i] = (image.rgb()[3 * i] & 0xFF) / 255f;
        }
        return p;
      };

  @Test
  void shouldAverageOverImagesAndSumOverPixels() throws Exception {
    // Given: kidney a finds 1 of 2; kidney b finds 2 of 2 with 2 false; lung c has nothing to find
    List<LabelledTile> tiles =
        List.of(
            tile("a", "kidney", new int[] {255, 0, 0, 0}, new byte[] {1, 1, 0, 0}),
            tile("b", "kidney", new int[] {255, 255, 255, 255}, new byte[] {1, 1, 0, 0}),
            tile("c", "lung", new int[] {0, 0, 0, 0}, new byte[] {0, 0, 0, 0}));

    // When
    Evaluation evaluation =
        new Evaluator(RED, MODEL).evaluateTiles(tiles, 0.5, ProgressListener.SILENT);
    JsonNode json = new ObjectMapper().readTree(evaluation.toJsonText());

    // Then: recall 1/2 and 1, so mean 3/4 and population SD 1/4
    assertThat(json.get("images").asInt()).isEqualTo(3);
    assertThat(json.get("threshold").asDouble()).isEqualTo(0.5);
    assertThat(json.at("/recall/mean").asDouble()).isEqualTo(0.75);
    assertThat(json.at("/recall/sd").asDouble()).isEqualTo(0.25);
    assertThat(json.at("/fnr/mean").asDouble()).isEqualTo(0.25);
    assertThat(json.at("/precision/mean").asDouble()).isEqualTo(0.75);
    assertThat(json.at("/dice/mean").asDouble()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(json.at("/iou/mean").asDouble()).isEqualTo(0.5);
    assertThat(json.at("/micro/recall").asDouble()).isEqualTo(0.75);
    assertThat(json.at("/micro/precision").asDouble()).isEqualTo(0.6);
    assertThat(json.at("/micro/dice").asDouble()).isCloseTo(6 / 9.0, within(1e-12));
    assertThat(json.at("/micro/iou").asDouble()).isEqualTo(0.5);
    assertThat(json.at("/micro/pixels").asInt()).isEqualTo(12);
    assertThat(json.at("/organs/kidney/images").asInt()).isEqualTo(2);
    assertThat(json.at("/organs/kidney/recall/mean").asDouble()).isEqualTo(0.75);
    assertThat(json.at("/organs/lung/recall/mean").isNull()).isTrue();
    assertThat(json.at("/model/id").asText()).isEqualTo("m");
    assertThat(json.at("/model/version").asInt()).isEqualTo(3);
    assertThat(json.at("/model/width").asInt()).isEqualTo(16);
    assertThat(json.at("/model/sha256").asText()).isEqualTo("ab12");
  }

  @Test
  void shouldShowTheModelImagesAtItsResolutionAndCompareInTheirOwnPixels() {
    // Given two images of 32 x 32 pixels, of twice the size of the model's and of unknown size
    LabelledTile drawn = new SyntheticTissue(1).tile("lung", 0, 32);
    List<LabelledTile> tiles =
        List.of(
            drawn.withMicronsPerPixel(OptionalDouble.of(0.5)),
            drawn.withMicronsPerPixel(OptionalDouble.empty()));
    List<Integer> widths = new ArrayList<>();
    TileSegmenter model =
        (image, organ) -> {
          widths.add(image.width());
          return RED.probabilities(image, organ);
        };

    // When
    Evaluation evaluation =
        new Evaluator(model, MODEL, new ModelResolution(OptionalDouble.of(0.25)))
            .evaluateTiles(tiles, 0.5, ProgressListener.SILENT);

    // Then
    assertThat(widths).containsExactly(64, 32);
    assertThat(evaluation.results())
        .allMatch(result -> result.curve().pixels() == 32 * 32)
        .allMatch(result -> result.curve().positivePixels() == drawn.mask().positivePixels());
  }

  @Test
  void shouldSweepOverThresholdsWithMeansAndTotals() {
    // Given: a finds its one pixel up to 0.4, b finds it up to 0.8 with one false below 0.2
    List<LabelledTile> tiles =
        List.of(
            tile("a", "lung", new int[] {102, 0}, new byte[] {1, 0}),
            tile("b", "lung", new int[] {204, 51}, new byte[] {1, 0}));

    // When
    Evaluation evaluation =
        new Evaluator(RED, MODEL).evaluateTiles(tiles, 0.5, ProgressListener.SILENT);
    JsonNode sweep = evaluation.toJson().get("sweep");

    // Then: 0.05 to 0.95
    assertThat(sweep).hasSize(19);
    JsonNode low = sweep.get(2);
    assertThat(low.get("threshold").asDouble()).isEqualTo(0.15);
    assertThat(low.get("recall").asDouble()).isEqualTo(1);
    assertThat(low.get("precision").asDouble()).isEqualTo(0.75);
    assertThat(low.get("dice").asDouble()).isCloseTo((1 + 2 / 3.0) / 2, within(1e-12));
    assertThat(low.get("iou").asDouble()).isEqualTo(0.75);
    assertThat(low.get("f2").asDouble()).isCloseTo((1 + 5 / 6.0) / 2, within(1e-12));
    assertThat(low.at("/micro/precision").asDouble()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(low.at("/micro/f2").asDouble()).isCloseTo(10 / 11.0, within(1e-12));
    JsonNode middle = sweep.get(9);
    assertThat(middle.get("threshold").asDouble()).isEqualTo(0.5);
    assertThat(middle.get("recall").asDouble()).isEqualTo(evaluation.overall().recall().mean());
    assertThat(middle.at("/micro/recall").asDouble()).isEqualTo(0.5);
    assertThat(sweep.get(18).get("precision").isNull()).isTrue();
  }

  @Test
  void shouldGiveAveragePrecisionOverAllPixels() {
    // Given: in order of probability right, wrong, right
    List<LabelledTile> tiles =
        List.of(tile("a", "lung", new int[] {255, 204, 153, 0}, new byte[] {1, 0, 1, 0}));

    // When
    JsonNode json =
        new Evaluator(RED, MODEL).evaluateTiles(tiles, 0.5, ProgressListener.SILENT).toJson();

    // Then: precision 1 and 2/3 at the two steps of recall
    assertThat(json.get("averagePrecision").asDouble()).isCloseTo(5 / 6.0, within(1e-12));
  }

  @Test
  void shouldSegmentALargeImageInBlendedTiles() {
    // Given: an image wider than a tile may be
    int width = BlendingSegmenter.LARGEST_TILE + 100;
    List<String> sizes = new ArrayList<>();
    LabelledTile large = tile("a", "lung", new int[width], new byte[width]);

    // When
    Evaluation evaluation =
        new Evaluator(
                (image, organ) -> {
                  sizes.add(image.width() + "x" + image.height());
                  return RED.probabilities(image, organ);
                },
                MODEL)
            .evaluateTiles(List.of(large), 0.5, ProgressListener.SILENT);

    // Then
    assertThat(sizes).containsExactly("1024x1", "1024x1");
    assertThat(evaluation.overall().micro().pixels()).isEqualTo(width);
  }

  @Test
  void shouldMeasureEachImageAtTheThresholdOfItsOrgan() {
    // Given
    MaskThresholds thresholds =
        new MaskThresholds(
            OptionalDouble.empty(),
            MaskThreshold.uncalibrated(0.9),
            Map.of("kidney", MaskThreshold.uncalibrated(0.1)));
    List<LabelledTile> tiles =
        List.of(
            tile("a", "kidney", new int[] {128, 128}, new byte[] {1, 1}),
            tile("b", "lung", new int[] {128, 255}, new byte[] {1, 1}));

    // When
    Evaluation evaluation =
        new Evaluator(RED, MODEL).evaluateTiles(tiles, thresholds, ProgressListener.SILENT);
    JsonNode json = evaluation.toJson();

    // Then
    assertThat(json.at("/threshold").asDouble()).isEqualTo(0.9);
    assertThat(json.at("/organs/kidney/threshold").asDouble()).isEqualTo(0.1);
    assertThat(json.at("/organs/kidney/recall/mean").asDouble()).isEqualTo(1);
    assertThat(json.at("/organs/lung/threshold").asDouble()).isEqualTo(0.9);
    assertThat(json.at("/organs/lung/recall/mean").asDouble()).isEqualTo(0.5);
  }

  @Test
  void shouldTellProgressImageByImage() {
    // Given
    List<LabelledTile> tiles =
        List.of(
            tile("a", "lung", new int[] {255}, new byte[] {1}),
            tile("b", "lung", new int[] {255}, new byte[] {1}));
    List<String> heard = new ArrayList<>();

    // When
    new Evaluator(RED, MODEL)
        .evaluateTiles(
            tiles, 0.5, (phase, done, total, note) -> heard.add(phase + " " + done + "/" + total));

    // Then
    assertThat(heard).containsExactly("evaluate 0/2", "evaluate 1/2", "evaluate 2/2");
  }

  @Test
  void shouldBlendOverlappingTilesOfALargeImageWithoutSeams() {
    // Given
    RgbImage image = new SyntheticTissue(1).image("lung", 0, 150, 90).image();
    List<Integer> widths = new ArrayList<>();
    TileSegmenter tiled =
        new BlendingSegmenter(
            (tile, organ) -> {
              widths.add(tile.width());
              return RED.probabilities(tile, organ);
            },
            64,
            16);

    // When
    float[] blended = tiled.probabilities(image, "lung");

    // Then: tiles that agree blend into what the whole image gives
    float[] whole = RED.probabilities(image, "lung");
    assertThat(widths).hasSize(6).containsOnly(64);
    for (int i = 0; i < whole.length; i++) {
      assertThat(blended[i]).isCloseTo(whole[i], within(1e-5f));
    }
  }

  @Test
  void shouldFadeFromOneTileToTheNextInTheOverlap() {
    // Given: the left tile says 0, the right one 1; tiles of 8 that overlap by 4
    int[] call = {0};
    TileSegmenter tiled =
        new BlendingSegmenter(
            (tile, organ) -> {
              float[] p = new float[tile.width() * tile.height()];
              Arrays.fill(p, call[0]++);
              return p;
            },
            8,
            4);

    // When
    float[] row = tiled.probabilities(RgbImage.of(12, 1, new byte[36]), "lung");

    // Then: weights 4:1, 3:2, 2:3, 1:4 over the four shared pixels
    assertThat(row)
        .containsExactly(
            new float[] {0, 0, 0, 0, 0.2f, 0.4f, 0.6f, 0.8f, 1, 1, 1, 1}, within(1e-6f));
  }

  @Test
  void shouldRefuseAThresholdOutsideZeroToOne() {
    assertThatThrownBy(
            () -> new Evaluator(RED, MODEL).evaluateTiles(List.of(), 1.5, ProgressListener.SILENT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1.5");
  }

  private static LabelledTile tile(String id, String organ, int[] red, byte[] truth) {
    byte[] rgb = new byte[red.length * 3];
    for (int i = 0; i < red.length; i++) {
      rgb[3 * i] = (byte) red[i];
    }
    return new LabelledTile(
        id, organ, RgbImage.of(red.length, 1, rgb), Mask.of(red.length, 1, truth));
  }
}
