package io.histoflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.evaluation.OperatingPoint;
import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.TensorRuntime;
import io.histoflow.segmentation.model.TestWeights;
import io.histoflow.training.augmentation.AugmentationSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TrainingPartsTest {

  @Test
  void shouldFindBothSidesOfABorder() {
    // Given: a 2 x 2 square in the middle of 4 x 4 pixels.
    byte[] mask = {0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0};

    // When
    byte[] edges = TrainingBatch.edges(mask, 4);

    // Then
    assertThat(edges).containsExactly(0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0);
  }

  @Test
  void shouldFindNoBorderWhereTheMaskSaysNothing() {
    // Given: positive, uncertain and background columns, and a border of its own below
    byte[] mask = {1, 2, 0, 0, 1, 2, 0, 0, 1, 2, 0, 0, 1, 2, 0, 1};

    // When
    byte[] edges = TrainingBatch.edges(mask, 4);

    // Then
    assertThat(edges).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1);
  }

  @Test
  void shouldTellTheLossWhichPixelsCount() {
    // Given
    LabelledTile tile = tile("a", "lung", 32);
    byte[] left = new byte[32 * 32];
    Arrays.fill(left, 0, 16 * 32, (byte) 1);
    LabelledTile half = tile.withUncertain(Mask.of(32, 32, left));
    ClinSegNetConfig config = TestWeights.config(4);

    try (NDManager manager = TensorRuntime.newManager(Device.cpu())) {
      // When
      NDList all = batch(tile, config).labels(manager);
      NDList some = batch(half, config).labels(manager);

      // Then
      assertThat(all).hasSize(2);
      assertThat(some).hasSize(3);
      assertThat(some.get(2).sum().getFloat()).isEqualTo(512f);
    }
  }

  private static TrainingBatch batch(LabelledTile tile, ClinSegNetConfig config) {
    AugmentationSettings gentle = AugmentationSettings.gentle(0);
    return TrainingBatch.draw(List.of(tile), config, 32, gentle, 0, new SplittableRandom(1));
  }

  @Test
  void shouldHoldOutWholePatientsOfEveryOrgan() {
    // Given
    List<LabelledTile> tiles = new ArrayList<>();
    for (int patient = 1; patient <= 8; patient++) {
      for (int image = 1; image <= 4; image++) {
        tiles.add(tile("tnbc_0" + patient + "_" + image, "breast"));
      }
    }
    tiles.add(tile("TCGA-AA-0001-01Z", "colon"));
    tiles.add(tile("TCGA-AA-0002-01Z", "colon"));
    tiles.add(tile("TCGA-BB-0001-01Z", "lung"));

    // When
    PatientSplit split = PatientSplit.of(tiles, 0.2, 3);

    // Then
    List<String> trained = split.training().stream().map(LabelledTile::patient).toList();
    assertThat(split.validation())
        .extracting(LabelledTile::patient)
        .doesNotContainAnyElementsOf(trained);
    assertThat(split.validation().stream().filter(t -> t.organ().equals("breast"))).hasSize(8);
    assertThat(split.validation().stream().filter(t -> t.organ().equals("colon"))).hasSize(1);
    assertThat(split.validation().stream().filter(t -> t.organ().equals("lung"))).isEmpty();
    assertThat(split.training()).hasSize(26);
    assertThat(PatientSplit.of(tiles, 0.2, 3)).isEqualTo(split);
  }

  @Test
  void shouldHoldOutPatientsOfEverySetAndOneOfTwoSetsInBoth() {
    // Given: a patient of two sets, in the second of which nobody else has that organ but one
    LabelledTile shared = tile("TCGA-AA-0001-01Z", "colon");
    LabelledTile sharedToo = tile("TCGA-AA-0001-02Z", "colon");
    List<LabelledTile> one = List.of(shared, tile("TCGA-AA-0002-01Z", "colon"));
    List<LabelledTile> two = List.of(sharedToo, tile("TCGA-AA-0003-01Z", "colon"));
    TrainingData data =
        new TrainingData(
            List.of(new TrainingSet("one", one, 1), new TrainingSet("two", two, 1)), "none");

    for (long seed = 1; seed <= 8; seed++) {
      // When
      PatientSplit split = data.split(0.2, seed);

      // Then
      assertThat(split.validation()).containsAnyElementsOf(one).containsAnyElementsOf(two);
      assertThat(split.validation().contains(shared))
          .isEqualTo(split.validation().contains(sharedToo));
      assertThat(split.training()).hasSize(4 - split.validation().size());
    }
  }

  @Test
  void shouldKnowAnOrganOfSeveralSetsWhereTwoOfThemShowIt() {
    // Given
    TrainingSet one = new TrainingSet("one", List.of(tile("a", "colon"), tile("b", "liver")), 1);
    TrainingSet two = new TrainingSet("two", List.of(tile("c", "colon"), tile("d", "lung")), 1);

    // When, then
    assertThat(new TrainingData(List.of(one, two), "none").organs()).containsExactly("colon");
    assertThat(new TrainingData(List.of(one), "none").organs()).containsExactly("colon", "liver");
  }

  @Test
  void shouldHoldOutEveryPatientInExactlyOneFold() {
    // Given: 8 patients with 4 images each, and three organs of one or two patients.
    List<LabelledTile> tiles = new ArrayList<>();
    for (int patient = 1; patient <= 8; patient++) {
      for (int image = 1; image <= 4; image++) {
        tiles.add(tile("tnbc_0" + patient + "_" + image, "breast"));
      }
    }
    tiles.add(tile("TCGA-AA-0001-01Z", "colon"));
    tiles.add(tile("TCGA-AA-0002-01Z", "colon"));
    tiles.add(tile("TCGA-BB-0001-01Z", "lung"));

    // When
    List<PatientSplit> folds = PatientSplit.folds(tiles, 4, 1);

    // Then
    assertThat(folds.stream().flatMap(fold -> fold.validation().stream()))
        .containsExactlyInAnyOrderElementsOf(tiles);
    for (PatientSplit fold : folds) {
      List<String> trained = fold.training().stream().map(LabelledTile::patient).toList();
      assertThat(fold.training().size() + fold.validation().size()).isEqualTo(tiles.size());
      assertThat(fold.validation())
          .extracting(LabelledTile::patient)
          .doesNotContainAnyElementsOf(trained);
      assertThat(fold.validation().stream().filter(t -> t.organ().equals("breast"))).hasSize(8);
      assertThat(fold.validation().size()).isLessThanOrEqualTo(9);
    }
    assertThat(PatientSplit.folds(tiles, 4, 1)).isEqualTo(folds);
  }

  @Test
  void shouldDrawTilesOfAHeavySetMoreOften() {
    // Given: tiles of equal size, one set with three times the weight of the other.
    LabelledTile rare = tile("rare", "kidney");
    LabelledTile common = tile("common", "lung");
    TrainingData data =
        new TrainingData(
            List.of(
                new TrainingSet("a", List.of(rare), 0.5),
                new TrainingSet("b", List.of(common), 1.5)),
            "none");

    // When
    List<LabelledTile> drawn = data.draw(data.tiles()).draw(4000, new SplittableRandom(1));

    // Then
    assertThat(drawn.stream().filter(common::equals).count()).isBetween(2850L, 3150L);
  }

  @Test
  void shouldChooseTheThresholdRecallFirst() {
    // Given: 10 positives; thresholds below 0.2 find all, below 0.6 nine, above fewer.
    float[] probabilities = new float[20];
    byte[] truth = new byte[20];
    for (int i = 0; i < 10; i++) {
      truth[i] = 1;
      probabilities[i] = i == 0 ? 0.2f : i < 5 ? 0.6f : 0.9f;
      probabilities[10 + i] = i < 5 ? 0.15f : i < 7 ? 0.5f : 0.01f;
    }
    List<PrecisionRecallCurve> images =
        List.of(PrecisionRecallCurve.of(probabilities, Mask.of(20, 1, truth)));

    // When
    OperatingPoint strict = ThresholdSweep.recallFirst(images, 0.95);
    OperatingPoint loose = ThresholdSweep.recallFirst(images, 0.9);

    // Then: all ten with two false alarms, or nine with none.
    assertThat(strict.recall()).isEqualTo(1);
    assertThat(strict.threshold()).isBetween(0.15, 0.199);
    assertThat(strict.dice()).isCloseTo(20.0 / 22, within(1e-9));
    assertThat(loose.recall()).isEqualTo(0.9);
    assertThat(loose.threshold()).isBetween(0.5, 0.599);
    assertThat(loose.dice()).isCloseTo(18.0 / 19, within(1e-9));
  }

  @Test
  void shouldDrawTilesByTheRootOfTheirArea() {
    // Given: 30 x 30 and 10 x 10 pixels, so three to one.
    LabelledTile large = tile("large", "kidney", 30);
    LabelledTile small = tile("small", "kidney", 10);

    // When
    List<LabelledTile> drawn =
        new TileDraw(List.of(large, small)).draw(4000, new SplittableRandom(1));

    // Then
    long larges = drawn.stream().filter(large::equals).count();
    assertThat(larges).isBetween(2850L, 3150L);
  }

  @Test
  void shouldLetASeldomOrganHaveItsTurn() {
    // Given sixteen tiles of one organ and one of another: by the square root, 4 to 1
    List<LabelledTile> tiles = new ArrayList<>(List.of(tile("lung", "lung")));
    for (int i = 0; i < 16; i++) {
      tiles.add(tile("kidney-" + i, "kidney"));
    }

    // When
    List<LabelledTile> drawn = TileDraw.byOrgan(tiles).draw(5000, new SplittableRandom(1));

    // Then
    assertThat(drawn.stream().filter(t -> t.organ().equals("lung")).count()).isBetween(880L, 1120L);
  }

  @Test
  void shouldWarmUpThenDecayTheLearningRate() {
    // Given
    LearningRateSchedule schedule = new LearningRateSchedule(1.0, 9);

    // When, Then
    assertThat(schedule.at(0, 0)).isCloseTo(0.1, within(1e-9));
    assertThat(schedule.at(4, 0)).isCloseTo(0.5, within(1e-9));
    assertThat(schedule.at(50, 0.5)).isCloseTo(0.505, within(1e-9));
    assertThat(schedule.at(100, 1)).isCloseTo(0.01, within(1e-9));
  }

  private static LabelledTile tile(String id, String organ) {
    return tile(id, organ, 8);
  }

  private static LabelledTile tile(String id, String organ, int side) {
    byte[] rgb = new byte[3 * side * side];
    Arrays.fill(rgb, (byte) 200);
    return new LabelledTile(
        id, organ, RgbImage.of(side, side, rgb), Mask.of(side, side, new byte[side * side]));
  }
}
