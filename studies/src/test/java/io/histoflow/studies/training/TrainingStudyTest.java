package io.histoflow.studies.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.evaluation.Spread;
import io.histoflow.plots.Palette;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.training.TrainingData;
import io.histoflow.training.TrainingSettings;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingStudyTest {

  private final SyntheticTissue tissue = new SyntheticTissue(1);
  private final List<LabelledTile> tiles =
      IntStream.range(0, 4).mapToObj(i -> tissue.tile("kidney", i, 64)).toList();

  @TempDir Path folder;

  @Test
  void shouldVaryEveryPartOfTheNetworkAlone() {
    // When
    List<TrainingVariant> variants = TrainingStudies.ablation(tiny());

    // Then
    assertThat(variants).hasSize(8).extracting(TrainingVariant::name).doesNotHaveDuplicates();
    assertThat(variants.stream().filter(v -> v.settings().film())).hasSize(4);
    assertThat(variants.get(0).name()).isEqualTo("SE no, FiLM no, edge no");
    assertThat(variants.get(7).settings()).isEqualTo(tiny());
    assertThat(variants.get(7).paper().recall()).isEqualTo(0.8917);
  }

  @Test
  void shouldKeepTheLossOfEqualWeightWhateverItsShares() {
    // When
    List<TrainingVariant> variants = TrainingStudies.loss(tiny());

    // Then
    assertThat(variants).hasSize(7);
    for (TrainingVariant variant : variants) {
      assertThat(variant.settings().loss().bceWeight() + variant.settings().loss().tverskyWeight())
          .isCloseTo(1, within(1e-6f));
    }
    assertThat(variants.get(1).settings().loss()).isEqualTo(tiny().loss());
    assertThat(TrainingStudies.embedding(tiny()))
        .extracting(v -> v.settings().embeddingSize())
        .containsExactly(16, 32, 64, 128, 256);
  }

  @Test
  void shouldTrainEachVariantWithEachSeedAndGoOnWhereItWasStopped() throws Exception {
    // Given
    List<TrainingVariant> variants = TrainingStudies.ablation(tiny()).subList(6, 8);
    TrainingStudy study = study(2);
    List<String> notes = new ArrayList<>();
    assertThatThrownBy(
            () ->
                study.run(
                    "ablation",
                    variants,
                    (phase, done, total, note) -> {
                      if (done == 3) {
                        throw new IllegalStateException("stopped");
                      }
                    }))
        .hasMessage("stopped");
    Path first = folder.resolve("se-yes-film-yes-edge-no/seed-1/last.safetensors");
    byte[] before = Files.readAllBytes(first);

    // When
    TrainingStudyResult result =
        study.run("ablation", variants, (phase, done, total, note) -> notes.add(done + note));

    // Then
    assertThat(Files.readAllBytes(first)).isEqualTo(before);
    assertThat(notes)
        .containsExactly(
            "0SE yes, FiLM yes, edge no, seed 1",
            "1SE yes, FiLM yes, edge no, seed 2",
            "2SE yes, FiLM yes, edge yes, seed 1",
            "3SE yes, FiLM yes, edge yes, seed 2",
            "4");
    assertThat(result.trainingImages()).isEqualTo(3);
    assertThat(result.heldOutImages()).isEqualTo(1);
    assertThat(result.rows()).hasSize(2);
    TrainingStudyResult.Row row = result.rows().get(0);
    assertThat(row.dice().n()).isEqualTo(2);
    // The edge head is a 1x1 convolution from 4 channels to 1.
    assertThat(result.rows().get(1).parameters() - row.parameters()).isEqualTo(5);
    JsonNode json = result.toJson();
    assertThat(json.at("/rows/1/paper/dice").asDouble()).isEqualTo(0.7664);
    assertThat(json.at("/rows/0/paper/dice").isNull()).isTrue();
    assertThat(json.at("/rows/0/averagePrecision/mean").asDouble()).isBetween(0.0, 1.0);
  }

  @Test
  void shouldDrawAVariantOfASingleSeedAndLeaveOutOneWithoutFigures() throws Exception {
    // Given
    Spread once = Spread.of(List.of(0.9), value -> value);
    Spread never = Spread.of(List.<Double>of(), value -> value);
    TrainingStudyResult.Row drawn =
        new TrainingStudyResult.Row(
            "drawn", 1, once, once, once, once, once, once, PaperFigures.UNKNOWN);
    TrainingStudyResult.Row leftOut =
        new TrainingStudyResult.Row(
            "left out", 1, never, never, never, never, never, never, PaperFigures.UNKNOWN);

    // When
    TrainingStudyPlot.write(
        folder.resolve("plot.png"),
        new TrainingStudyResult("loss", "none", 1, 1, 4, 1, 1, List.of(leftOut, drawn)));

    // Then: three panels, and the second variant has the second colour.
    BufferedImage picture = ImageIO.read(folder.resolve("plot.png").toFile());
    assertThat(picture.getWidth()).isEqualTo(3 * 440);
    assertThat(hasColour(picture, Palette.VERMILION)).isTrue();
    assertThat(hasColour(picture, Palette.BLUE)).isFalse();
  }

  @Test
  void shouldSayWhenNoPatientCanBeHeldOut() {
    assertThatThrownBy(
            () ->
                new TrainingStudy(
                    TrainingData.of("one tile", tiles.subList(0, 1), "none"),
                    0.25,
                    1,
                    Compute.cpu(),
                    folder))
        .hasMessage("no patient can be held out: every organ has images of one patient only");
  }

  private static boolean hasColour(BufferedImage picture, Color colour) {
    return Arrays.stream(
            picture.getRGB(
                0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth()))
        .anyMatch(rgb -> rgb == colour.getRGB());
  }

  private TrainingStudy study(int seeds) {
    return new TrainingStudy(
        TrainingData.of("synthetic tiles", tiles, "none"), 0.25, seeds, Compute.cpu(), folder);
  }

  private static TrainingSettings tiny() {
    return TrainingSettings.builder()
        .optWidth(4)
        .optCropSize(32)
        .optBatchSize(2)
        .optMaxSteps(3)
        .optWarmupSteps(1)
        .build();
  }
}
