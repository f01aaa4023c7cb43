package io.histoflow.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.evaluation.Confusion;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.training.augmentation.AugmentationSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ColourTrainingTest {

  private final SyntheticTissue tissue = new SyntheticTissue(1);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(InputColour.class)
  void shouldLearnAndFineTuneWithWhateverItSeesOfColours(InputColour colour) throws Exception {
    // Given
    List<LabelledTile> tiles = List.of(tissue.tile("kidney", 0, 64));
    TrainingSettings settings =
        TrainingSettings.builder()
            .optWidth(4)
            .optCropSize(64)
            .optBatchSize(1)
            .optMaxSteps(50)
            .optWarmupSteps(3)
            .optLearningRate(1e-2)
            .optAverageDecay(0.9)
            .optOrganDropout(0)
            .optAugmentation(new AugmentationSettings(0, 0.5, 1.25, 0, 0, 0, 1, 0, 0))
            .optValidationShare(0)
            .optInputColour(colour)
            .build();
    FineTuningSettings round =
        FineTuningSettings.builder()
            .optSteps(2)
            .optLearningRate(3e-3)
            .optConditioningRate(9e-2)
            .optKnownShare(1)
            .optBatchSize(1)
            .optCropSize(32)
            .optReplayShare(0)
            .optDistillation(0.3)
            .optTrainNormalisation(true)
            .optOrganDropout(0.1)
            .optStainJitter(0)
            .optAverageDecay(0.5)
            .optSeed(7)
            .build();
    TrainingData data = TrainingData.of("synthetic tiles", tiles, "none");

    // When
    Trained trained =
        Training.run(
            data,
            data.split(settings.validationShare(), settings.seed()),
            settings,
            Compute.cpu(),
            folder,
            new TrainingProgress() {});
    Checkpoint tuned =
        FineTuning.run(
                trained.best(), tiles, List.of(), round, Compute.cpu(), ProgressListener.SILENT)
            .candidate();

    // Then: it finds more than the half of what it was shown, which a network of noise does not.
    assertThat(trained.best().config().inputColour()).isEqualTo(colour);
    assertThat(tuned.config()).isEqualTo(trained.best().config());
    try (Segmenter segmenter = Segmenter.open(trained.best(), Compute.cpu())) {
      LabelledTile tile = tiles.get(0);
      float[] probabilities = segmenter.probabilities(tile.image(), tile.organ());
      assertThat(Confusion.of(probabilities, tile.mask(), 0.5).dice()).isGreaterThan(0.6);
    }
  }
}
