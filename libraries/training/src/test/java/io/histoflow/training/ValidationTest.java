package io.histoflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ValidationTest {

  private static final SyntheticTissue TISSUE = new SyntheticTissue(3);
  private static final Weights WEIGHTS =
      Weights.initial(ClinSegNetConfig.standard(4, SyntheticTissue.organs()), 1);

  @Test
  void shouldCalibrateTheThresholdsOnTheHeldOutTiles() {
    // When
    Validation.Measured measured = validation(12).measure(WEIGHTS, 7);

    // Then the rates of twelve tiles may add up to 13 * 0.08 - 1 = 0.04, whatever was chosen first
    assertThat(measured.point().step()).isEqualTo(7);
    assertThat(measured.thresholds().level()).hasValue(0.08);
    assertThat(measured.thresholds().pooled().units()).isEqualTo(12);
    assertThat(measured.thresholds().pooled().falseNegativeRate()).isLessThan(0.04 / 12);
  }

  @Test
  void shouldKeepTheThresholdChosenRecallFirstWhereTilesAreTooFew() {
    // When
    Validation.Measured measured = validation(11).measure(WEIGHTS, 7);

    // Then
    assertThat(measured.thresholds())
        .isEqualTo(MaskThresholds.uncalibrated(measured.point().threshold()));
  }

  @Test
  void shouldSayHowEachSetFares() {
    // Given: two sets, of one of which a tile is held out
    List<LabelledTile> one = List.of(TISSUE.tile("kidney", 0, 64), TISSUE.tile("kidney", 1, 64));
    List<LabelledTile> two = List.of(TISSUE.tile("lung", 0, 64));
    TrainingData data =
        new TrainingData(
            List.of(new TrainingSet("one", one, 1), new TrainingSet("two", two, 1)), "none");

    // When
    Validation.Measured measured =
        new Validation(data, List.of(one.get(1), two.get(0)), 0.9, Compute.cpu())
            .measure(WEIGHTS, 1);

    // Then
    assertThat(measured.bySet())
        .containsEntry("validation.images: one", 1.0)
        .containsEntry("validation.images: two", 1.0)
        .containsKeys("validation.recall: one", "validation.averagePrecision: two");
    double mean =
        (measured.bySet().get("validation.recall: one")
                + measured.bySet().get("validation.recall: two"))
            / 2;
    assertThat(measured.point().recall()).isCloseTo(mean, within(1e-9));
  }

  private static Validation validation(int count) {
    String organ = SyntheticTissue.organs().get(0);
    List<LabelledTile> tiles =
        IntStream.range(0, count).mapToObj(i -> TISSUE.tile(organ, i, 64)).toList();
    return new Validation(TrainingData.of("one", tiles, "none"), tiles, 0.9, Compute.cpu());
  }
}
