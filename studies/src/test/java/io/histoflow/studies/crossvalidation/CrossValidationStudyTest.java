package io.histoflow.studies.crossvalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.evaluation.ImageResult;
import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.imaging.Mask;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.thresholds.RiskControl;
import io.histoflow.training.CrossValidation;
import io.histoflow.training.FoldModel;
import io.histoflow.training.Training;
import io.histoflow.training.TrainingData;
import io.histoflow.training.TrainingProgress;
import io.histoflow.training.TrainingSettings;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrossValidationStudyTest {

  private static final Calibration HALF = new Calibration(new RiskControl(0.5), 100);

  @TempDir Path folder;

  @Test
  void shouldJudgeEachFoldAtTheThresholdOfTheOthers() {
    // Given: positives just above 0.8 in the first fold's images and just above 0.4 in the
    // second's.
    List<HeldOutImage> images = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      images.add(image("a" + i, 1, 0.8f));
      images.add(image("b" + i, 2, 0.4f));
    }

    // When
    CrossValidationResult result = new CrossValidationStudy(HALF, Compute.cpu()).result(images);

    // Then: the first fold passes the low threshold of the second, and not the other way round.
    for (int i = 0; i < images.size(); i++) {
      ImageResult judged = result.results().get(i);
      boolean first = images.get(i).fold() == 1;
      assertThat(judged.threshold()).isCloseTo(first ? 0.4 : 0.8, within(1e-9));
      assertThat(judged.confusion().recall()).isEqualTo(first ? 1 : 0);
    }
    // All eight: 4 missed of 8 is a rate of 8/9 * 0.5 + 1/9 = 0.56, too high, so all are found.
    assertThat(result.thresholds().pooled().threshold()).isCloseTo(0.4, within(1e-9));
    assertThat(result.thresholds().pooled().units()).isEqualTo(8);
  }

  @Test
  void shouldSayWhatKnowingTheOrganIsWorth() {
    // Given: as unknown the positive pixel is missed at every threshold that finds it otherwise.
    List<HeldOutImage> images = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      images.add(
          new HeldOutImage("set", 1 + i % 2, "i" + i, "lung", "p" + i, curve(0.8f), curve(0.1f)));
    }

    // When
    CrossValidationResult result = new CrossValidationStudy(HALF, Compute.cpu()).result(images);
    JsonNode json = result.toJson();

    // Then
    assertThat(result.conditioning().recall().mean()).isEqualTo(1);
    assertThat(json.at("/organKnownLessUnknown/dice/low").asDouble()).isEqualTo(1);
    assertThat(json.at("/sets/set/images").asInt()).isEqualTo(6);
    assertThat(result.metrics()).containsEntry("crossValidation.set.recall", 1.0);
  }

  @Test
  void shouldDrawDiceAgainstRecall() throws Exception {
    // Given: two data sets
    List<HeldOutImage> images = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      images.add(image("i" + i, 1 + i % 2, 0.8f));
      images.add(
          new HeldOutImage("other", 1 + i % 2, "o" + i, "lung", "o" + i, curve(0.7f), curve(0.7f)));
    }
    Path file = folder.resolve("cross-validation.png");

    // When
    CrossValidationPlot.write(file, new CrossValidationStudy(HALF, Compute.cpu()).result(images));

    // Then
    BufferedImage picture = ImageIO.read(file.toFile());
    assertThat(picture.getWidth()).isGreaterThan(600);
    Set<Integer> colours = new HashSet<>();
    for (int i = 0; i < picture.getWidth() * picture.getHeight(); i++) {
      colours.add(picture.getRGB(i % picture.getWidth(), i / picture.getWidth()) & 0xffffff);
    }
    assertThat(colours).contains(0x0072b2, 0xd55e00).doesNotContain(0x009e73);
  }

  @Test
  void shouldSayWhenTheOtherFoldsAreTooFewToCalibrateOn() {
    CrossValidationStudy study =
        new CrossValidationStudy(new Calibration(new RiskControl(0.1), 20), Compute.cpu());

    assertThatThrownBy(() -> study.result(List.of(image("a", 1, 0.8f), image("b", 2, 0.8f))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("too few");
  }

  @Test
  void shouldHoldOutEveryImageOnceAndGoOnWhereItWasStopped() throws Exception {
    // Given
    List<LabelledTile> tiles =
        IntStream.range(0, 4).mapToObj(i -> new SyntheticTissue(1).tile("kidney", i, 64)).toList();
    TrainingData data = TrainingData.of("synthetic tiles", tiles, "none");
    TrainingSettings settings =
        TrainingSettings.builder()
            .optWidth(4)
            .optCropSize(32)
            .optBatchSize(1)
            .optMaxSteps(2)
            .optValidateEvery(100)
            .build();
    CrossValidation validation =
        new CrossValidation(data, 2, settings, Optional.empty(), Compute.cpu(), folder);
    String first = validation.fold(1, new TrainingProgress() {}).model().sha256();
    List<Long> steps = new ArrayList<>();

    // When: the first fold is taken up as it is, the second is trained.
    List<FoldModel> models =
        validation.all(
            new TrainingProgress() {
              @Override
              public void onStep(long step, double share, double loss, double rate) {
                steps.add(step);
              }
            });

    // Then
    assertThat(steps).containsExactly(1L, 2L);
    assertThat(models.get(0).model().sha256()).isEqualTo(first);
    assertThat(models.stream().flatMap(model -> model.heldOut().stream()))
        .containsExactlyInAnyOrderElementsOf(tiles);
    assertThat(Files.readAllLines(folder.resolve("fold-2").resolve(Training.HELD_OUT)))
        .containsExactlyElementsOf(models.get(1).heldOut().stream().map(LabelledTile::id).toList());
    CrossValidationResult result =
        new CrossValidationStudy(HALF, Compute.cpu()).run(data, models, ProgressListener.SILENT);
    assertThat(result.images()).hasSize(4);
    assertThat(validation.whole(new TrainingProgress() {}).history()).isEmpty();
    assertThat(CrossValidation.read(folder, tiles))
        .extracting(FoldModel::fold, FoldModel::heldOut, model -> model.model().sha256())
        .containsExactlyElementsOf(
            models.stream()
                .map(model -> tuple(model.fold(), model.heldOut(), model.model().sha256()))
                .toList());
    assertThatThrownBy(() -> CrossValidation.read(folder, tiles.subList(0, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("which is in none of the data sets");
    assertThatThrownBy(() -> CrossValidation.read(folder.resolve("fold-1"), tiles))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds no model of a fold");
  }

  @Test
  void shouldTakeUpAnEarlierRunOnlyOverTheSameFolds() throws Exception {
    // Given
    List<LabelledTile> tiles =
        IntStream.range(0, 4).mapToObj(i -> new SyntheticTissue(1).tile("kidney", i, 64)).toList();
    TrainingData data = TrainingData.of("synthetic tiles", tiles, "none");
    TrainingSettings narrow =
        TrainingSettings.builder()
            .optWidth(4)
            .optCropSize(32)
            .optBatchSize(1)
            .optMaxSteps(1)
            .build();
    TrainingSettings wide = narrow.toBuilder().optWidth(8).build();
    Path earlier = folder.resolve("narrow");
    new CrossValidation(data, 2, narrow, Optional.empty(), Compute.cpu(), earlier)
        .all(new TrainingProgress() {});
    CrossValidation taught =
        new CrossValidation(
            data, 2, wide, Optional.of(earlier), Compute.cpu(), folder.resolve("wide"));
    CrossValidation otherFolds =
        new CrossValidation(
            data,
            2,
            wide.toBuilder().optSeed(2).build(),
            Optional.of(earlier),
            Compute.cpu(),
            folder.resolve("other"));

    // When
    FoldModel model = taught.fold(1, new TrainingProgress() {});

    // Then
    assertThat(model.model().weights().config().width()).isEqualTo(8);
    Files.write(earlier.resolve("fold-1").resolve(Training.HELD_OUT), List.of("another"));
    assertThatThrownBy(() -> otherFolds.fold(1, new TrainingProgress() {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("other images than this training holds out");
  }

  private static HeldOutImage image(String id, int fold, float probability) {
    PrecisionRecallCurve curve = curve(probability);
    return new HeldOutImage("set", fold, id, "lung", id, curve, curve);
  }

  /** One positive pixel of that probability and a negative one of probability 0. */
  private static PrecisionRecallCurve curve(float probability) {
    return PrecisionRecallCurve.of(new float[] {probability, 0}, Mask.of(2, 1, new byte[] {1, 0}));
  }
}
