package io.histoflow.training;

import static org.assertj.core.api.Assertions.assertThat;

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
    Validation.Measured measured = validation(9).measure(WEIGHTS, 7);

    // Then on nine tiles nothing may be missed, whatever was chosen recall first
    assertThat(measured.point().step()).isEqualTo(7);
    assertThat(measured.thresholds().level()).hasValue(0.10);
    assertThat(measured.thresholds().pooled().units()).isEqualTo(9);
    assertThat(measured.thresholds().pooled().falseNegativeRate()).isZero();
  }

  @Test
  void shouldKeepTheThresholdChosenRecallFirstWhereTilesAreTooFew() {
    // When
    Validation.Measured measured = validation(8).measure(WEIGHTS, 7);

    // Then
    assertThat(measured.thresholds())
        .isEqualTo(MaskThresholds.uncalibrated(measured.point().threshold()));
  }

  private static Validation validation(int count) {
    String organ = SyntheticTissue.organs().get(0);
    List<LabelledTile> tiles =
        IntStream.range(0, count).mapToObj(i -> TISSUE.tile(organ, i, 64)).toList();
    return new Validation(tiles, 0.9, Compute.cpu());
  }
}
