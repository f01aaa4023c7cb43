package io.histoflow.studies.corrections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.model.TestWeights;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import io.histoflow.studies.corrections.CorrectionRound.Choice;
import io.histoflow.training.FineTuningSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorrectionStudyTest {

  private final SyntheticTissue tissue = new SyntheticTissue(1);

  @Test
  void shouldCorrectEachHalfWithEveryChoiceAndMeasureTheOther() {
    // Given: four patients of an organ that the model does not know, one of an organ that it does.
    List<LabelledTile> images =
        IntStream.range(0, 4).mapToObj(i -> tissue.tile("brain", i, 64)).toList();
    List<LabelledTile> known = List.of(tissue.tile("kidney", 9, 64));

    // When: only conditioning learns.
    CorrectionStudyResult result =
        new CorrectionStudy(
                new Checkpoint(
                    TestWeights.random(TestWeights.config(4), 1),
                    new CheckpointMetadata(0, 0.3, "none", "none", Map.of())),
                images,
                known,
                RoutingScore.DEFAULT,
                new CorrectionStudySettings(32, 0.25, 2, conditioningOnly()),
                Compute.cpu())
            .run(ProgressListener.SILENT);

    // Then: two halves, two seeds, four choices; each half has 8 tiles, of which 2 are corrected.
    assertThat(result.rounds()).hasSize(16);
    assertThat(result.rounds()).extracting(CorrectionRound::corrected).containsOnly(2);
    assertThat(result.rounds().get(0).averagePrecisionAfter())
        .isNotEqualTo(result.rounds().get(0).averagePrecisionBefore());
    assertThat(result.over(Choice.UNCERTAIN, CorrectionRound::knownGain).mean())
        .isCloseTo(0, within(1e-3));
    assertThat(result.over(Choice.RANDOM, CorrectionRound::relativeGain).n()).isEqualTo(4);
  }

  @Test
  void shouldTakeTheSameShareOfEveryImageWhereTilesAreStratified() {
    // Given: all four tiles of the first image are more uncertain than those of the second.
    LabelledTile odd = tissue.tile("brain", 1, 64);
    LabelledTile plain = tissue.tile("brain", 2, 64);
    List<LabelledTile> ranked = new ArrayList<>(odd.cut(32));
    ranked.addAll(plain.cut(32));
    ranked.addAll(tissue.tile("brain", 3, 32).cut(32));

    // When
    List<LabelledTile> stratified = CorrectionStudy.byRankInImage(ranked);

    // Then: the first and second of each image, which are 1/8 and 3/8 of the way down; the only
    // tile of the third image is half-way.
    assertThat(stratified)
        .containsExactly(
            ranked.get(0),
            ranked.get(4),
            ranked.get(1),
            ranked.get(5),
            ranked.get(8),
            ranked.get(2),
            ranked.get(6),
            ranked.get(3),
            ranked.get(7));
  }

  @Test
  void shouldSumUpGainsByChoice() {
    // Given
    CorrectionStudyResult result =
        new CorrectionStudyResult(
            List.of(
                round(1, Choice.UNCERTAIN, 0.80, 0.84, 0.90, 0.92, 0.85, 0.84),
                round(2, Choice.UNCERTAIN, 0.50, 0.51, 0.90, 0.90, 0.85, 0.85),
                round(1, Choice.RANDOM, 0.80, 0.80, 0.90, 0.89, 0.85, 0.85)));

    // When
    JsonNode json = result.toJson();

    // Then: 5 % and 2 % of recall.
    assertThat(json.at("/uncertain/recallGain/mean").asDouble()).isCloseTo(0.035, within(1e-12));
    assertThat(json.at("/uncertain/recallGain/sd").asDouble()).isCloseTo(0.015, within(1e-12));
    assertThat(json.at("/uncertain/averagePrecisionGain/mean").asDouble())
        .isCloseTo(0.01, within(1e-12));
    assertThat(json.at("/uncertain/knownGain/mean").asDouble()).isCloseTo(-0.005, within(1e-12));
    assertThat(json.at("/random/recallGain/mean").asDouble()).isZero();
    assertThat(json.at("/rounds")).hasSize(3);
  }

  @Test
  void shouldDrawEveryRoundWithOrWithoutKnownOrgans(@TempDir Path folder) throws IOException {
    // Given
    CorrectionStudyResult known =
        new CorrectionStudyResult(
            List.of(
                round(1, Choice.UNCERTAIN, 0.80, 0.84, 0.90, 0.92, 0.85, 0.84),
                round(1, Choice.RANDOM, 0.80, 0.80, 0.90, 0.89, 0.85, 0.85)));
    CorrectionStudyResult unknown =
        new CorrectionStudyResult(
            List.of(
                round(1, Choice.UNCERTAIN, 0.80, 0.84, 0.90, 0.92, Double.NaN, Double.NaN),
                round(1, Choice.RANDOM, 0.80, 0.80, 0.90, 0.89, Double.NaN, Double.NaN)));

    // When
    CorrectionPlot.write(folder.resolve("known.png"), known);
    CorrectionPlot.write(folder.resolve("unknown.png"), unknown);

    // Then: a panel less where nothing is known of other organs.
    int three = ImageIO.read(folder.resolve("known.png").toFile()).getWidth();
    int two = ImageIO.read(folder.resolve("unknown.png").toFile()).getWidth();
    assertThat(three * 2).isEqualTo(two * 3);
  }

  @Test
  void shouldRefuseAShareThatCorrectsNothing() {
    assertThatThrownBy(() -> new CorrectionStudySettings(256, 0, 1, conditioningOnly()))
        .hasMessageContaining("a share above 0");
  }

  private static CorrectionRound round(
      int half,
      Choice choice,
      double recallBefore,
      double recallAfter,
      double before,
      double after,
      double knownBefore,
      double knownAfter) {
    return new CorrectionRound(
        half,
        1,
        choice,
        10,
        0.7,
        recallBefore,
        recallAfter,
        before,
        after,
        knownBefore,
        knownAfter);
  }

  private static FineTuningSettings conditioningOnly() {
    return FineTuningSettings.builder()
        .optSteps(3)
        .optLearningRate(0)
        .optConditioningRate(5e-2)
        .optKnownShare(1)
        .optBatchSize(2)
        .optCropSize(32)
        .optReplayShare(0)
        .optDistillation(0)
        .optStainJitter(0)
        .optAverageDecay(0.5)
        .optSeed(7)
        .build();
  }
}
