package io.histoflow.studies.stain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.evaluation.Confusion;
import io.histoflow.evaluation.EvaluatedModel;
import io.histoflow.evaluation.Evaluator;
import io.histoflow.evaluation.Summary;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.colour.StainShift;
import io.histoflow.imaging.colour.StainShift.Kind;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.TileSegmenter;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.studies.stain.StainStudyResult.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StainRobustnessTest {

  /** Finds what is darker than grey 100. */
  private static final TileSegmenter DARK =
      (image, organ) -> {
        float[] p = new float[image.width() * image.height()];
        for (int i = 0; i < p.length; i++) {
          p[i] = (image.rgb()[3 * i] & 0xFF) < 100 ? 0.9f : 0.1f;
        }
        return p;
      };

  /** A nucleus of grey 70, one of 90 and two pixels of stroma, 120 and 200. */
  private final LabelledTile tile =
      new LabelledTile(
          "a",
          "lung",
          RgbImage.of(4, 1, new byte[] {70, 70, 70, 90, 90, 90, 120, 120, 120, -56, -56, -56}),
          Mask.of(4, 1, new byte[] {1, 1, 0, 0}));

  private final Evaluator evaluator = new Evaluator(DARK, new EvaluatedModel("m", 0, 16, "ab"));

  @TempDir Path folder;

  @Test
  void shouldMeasureEveryShiftOnEveryImage() {
    // Given
    List<StainShift> shifts =
        List.of(
            new StainShift(Kind.BRIGHTNESS, -0.4),
            new StainShift(Kind.BRIGHTNESS, 0),
            new StainShift(Kind.BRIGHTNESS, 0.2));

    // When
    StainRobustness robustness = measure(shifts);

    // Then: dimmed, stroma of 72 counts as found; brightened, the nucleus of 108 is missed.
    assertThat(robustness.images()).isEqualTo(1);
    List<StainRobustness.Point> points = robustness.points(Kind.BRIGHTNESS);
    assertThat(points).extracting(StainRobustness.Point::shift).isEqualTo(shifts);
    assertThat(points.get(0).summary().micro()).isEqualTo(new Confusion(2, 1, 0, 1));
    assertThat(points.get(1).summary().micro()).isEqualTo(new Confusion(2, 0, 0, 2));
    assertThat(points.get(2).summary().micro()).isEqualTo(new Confusion(1, 0, 1, 2));
    assertThat(robustness.points(Kind.HUE)).isEmpty();
  }

  @Test
  void shouldSumUpShiftsButNotTheUnshifted() {
    // Given, When
    StainRobustness robustness =
        measure(
            List.of(
                new StainShift(Kind.BRIGHTNESS, -0.4),
                new StainShift(Kind.BRIGHTNESS, 0),
                new StainShift(Kind.BRIGHTNESS, 0.2)));

    // Then: recall 1 and 1/2; Dice 4/5 and 2/3.
    assertThat(robustness.overShifts(Summary::recall).mean()).isEqualTo(0.75);
    assertThat(robustness.worst(Summary::recall)).isEqualTo(0.5);
    assertThat(robustness.worst(Summary::dice)).isCloseTo(2 / 3.0, within(1e-12));
  }

  @Test
  void shouldSegmentTheUnshiftedOnce() {
    // Given
    List<RgbImage> seen = new ArrayList<>();
    TileSegmenter counting =
        (image, organ) -> {
          seen.add(image);
          return DARK.probabilities(image, organ);
        };

    // When
    StainRobustness.ofTiles(
        new Evaluator(counting, new EvaluatedModel("m", 0, 16, "ab")),
        List.of(tile),
        MaskThresholds.uncalibrated(0.5),
        StainShift.grid(0, 0.2),
        ProgressListener.SILENT);

    // Then: four kinds, and the image itself.
    assertThat(seen).hasSize(5);
    assertThat(seen.get(0)).isSameAs(tile.image());
  }

  @Test
  void shouldDrawAChartForEachKindAndFigure() throws Exception {
    // Given
    Checkpoint any = Checkpoint.shipped();
    List<Model> models =
        List.of(
            new Model("one", any, measure(StainShift.grid(-0.2, 0, 0.2))),
            new Model("two", any, measure(StainShift.grid(-0.2, 0, 0.2))));
    Path file = folder.resolve("plot.png");

    // When
    StainRobustnessPlot.write(file, models);

    // Then
    assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(4 * 400);
    assertThat(ImageIO.read(file.toFile()).getHeight()).isEqualTo(2 * 320);
  }

  private StainRobustness measure(List<StainShift> shifts) {
    return StainRobustness.ofTiles(
        evaluator,
        List.of(tile),
        MaskThresholds.uncalibrated(0.5),
        shifts,
        ProgressListener.SILENT);
  }
}
