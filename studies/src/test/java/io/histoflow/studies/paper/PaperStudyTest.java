package io.histoflow.studies.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.evaluation.ImageResult;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.training.FineTuningSettings;
import io.histoflow.training.TrainingData;
import io.histoflow.training.TrainingProgress;
import io.histoflow.training.TrainingSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaperStudyTest {

  private final SyntheticTissue tissue = new SyntheticTissue(1);

  @TempDir Path folder;

  @Test
  void shouldCutEverySlideIntoBlocksByTheNumbersOfItsImages() {
    // Given: ten images, whose names do not sort as their numbers do
    List<LabelledTile> images =
        IntStream.rangeClosed(1, 10).mapToObj(i -> image("human_kidney_" + i, "kidney")).toList();

    // When
    SlideBlocks blocks = SlideBlocks.of(images);

    // Then
    assertThat(blocks.training()).containsExactlyElementsOf(images.subList(0, 6));
    assertThat(blocks.pool()).containsExactlyElementsOf(images.subList(6, 8));
    assertThat(blocks.test()).containsExactlyElementsOf(images.subList(8, 10));
  }

  @Test
  void shouldRefuseAnOrganThatCannotBeCut() {
    assertThatThrownBy(() -> SlideBlocks.of(List.of(image("a_1", "lung"), image("a_2", "lung"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the organ lung has 2 images");
  }

  @Test
  void shouldMeasureWhatNeitherTrainingNorCorrectionHasSeen() throws Exception {
    // Given: two organs of five images each, in four tiles each
    List<LabelledTile> images =
        Stream.of("kidney", "lung")
            .flatMap(o -> IntStream.rangeClosed(1, 5).mapToObj(i -> image(o + "_" + i, o)))
            .toList();
    PaperStudy study =
        new PaperStudy(
            TrainingData.of("synthetic", images, "none"),
            TrainingSettings.builder()
                .optWidth(4)
                .optCropSize(32)
                .optBatchSize(2)
                .optMaxSteps(2)
                .build(),
            FineTuningSettings.builder().optSteps(2).optCropSize(32).optBatchSize(2).build(),
            0.5,
            32,
            Compute.cpu(),
            folder);

    // When
    PaperResult result = study.run(new TrainingProgress() {}, ProgressListener.SILENT);

    // Then
    assertThat(result.trainingImages()).isEqualTo(6);
    assertThat(result.poolImages()).isEqualTo(2);
    assertThat(result.correctedTiles()).isEqualTo(4);
    assertThat(result.before().results())
        .extracting(ImageResult::id)
        .containsExactly("kidney_5", "lung_5");
    assertThat(result.after().overall().curve().averagePrecision())
        .isNotEqualTo(result.before().overall().curve().averagePrecision());
    assertThat(result.toJson().path("paper").path("recallAfter").asDouble()).isEqualTo(0.8983);
  }

  private LabelledTile image(String id, String organ) {
    LabelledTile drawn = tissue.tile(organ, id.hashCode(), 64);
    return new LabelledTile(id, organ, drawn.image(), drawn.mask());
  }
}
