package io.histoflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.evaluation.Confusion;
import io.histoflow.imaging.Mask;
import io.histoflow.segmentation.architectures.KnownArchitecture;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.segmentation.model.Network;
import io.histoflow.segmentation.model.ParameterCatalogue;
import io.histoflow.segmentation.model.ParameterGroup;
import io.histoflow.segmentation.model.ParameterSpec;
import io.histoflow.segmentation.model.TestWeights;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.segmentation.model.unet.UNet;
import io.histoflow.training.augmentation.AugmentationSettings;
import io.histoflow.training.loss.HistoLoss;
import io.histoflow.training.loss.HistoLossSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingTest {

  private static final AugmentationSettings PLAIN =
      new AugmentationSettings(0, 0.5, 1.25, 0, 0, 0, 1, 0, 0);

  private final SyntheticTissue tissue = new SyntheticTissue(1);
  private final List<LabelledTile> twoTiles =
      List.of(tissue.tile("kidney", 0, 64), tissue.tile("lung", 0, 64));

  @TempDir Path folder;

  @Test
  void shouldLearnTwoTilesByHeart() throws Exception {
    // Given
    TrainingSettings settings =
        tiny().optWidth(8).optMaxSteps(220).optValidateEvery(110).optAugmentation(PLAIN).build();

    // When
    Trained trained = train(settings, new TrainingProgress() {});

    // Then
    try (Segmenter segmenter = Segmenter.open(trained.best(), Compute.cpu())) {
      for (LabelledTile tile : twoTiles) {
        float[] probabilities = segmenter.probabilities(tile.image(), tile.organ());
        assertThat(Confusion.of(probabilities, tile.mask(), 0.5).dice()).isGreaterThan(0.95);
      }
    }
    assertThat(trained.steps()).isEqualTo(220);
    assertThat(trained.losses().get(21).loss()).isLessThan(trained.losses().get(0).loss() / 2);
    assertThat(Checkpoint.load(folder.resolve(Training.BEST)).sha256())
        .isEqualTo(trained.best().sha256());
    assertThat(folder.resolve("learning-curve.png")).isNotEmptyFile();
  }

  @ParameterizedTest
  @EnumSource(names = {"UNET", "ATTENTION_UNET"})
  void shouldLearnTwoTilesByHeartWithOtherArchitectures(KnownArchitecture architecture)
      throws Exception {
    // Given
    TrainingSettings settings =
        tiny()
            .optArchitecture(architecture)
            .optWidth(8)
            .optMaxSteps(120)
            .optValidateEvery(120)
            .optAugmentation(PLAIN)
            .build();

    // When
    Checkpoint learned = train(settings, new TrainingProgress() {}).best();

    // Then
    assertThat(learned.config().organs()).containsExactly("unknown");
    try (Segmenter segmenter = Segmenter.open(learned, Compute.cpu())) {
      for (LabelledTile tile : twoTiles) {
        float[] probabilities = segmenter.probabilities(tile.image(), tile.organ());
        assertThat(Confusion.of(probabilities, tile.mask(), 0.5).dice()).isGreaterThan(0.95);
      }
    }
  }

  @Test
  void shouldSayOfAClinSegNetsSettingsWhatItSaidBeforeThereWereOthers() {
    // When
    String identity = tiny().build().identity();

    // Then: so that trainings that were stopped then go on
    assertThat(identity)
        .startsWith("TrainingSettings[width=4, embeddingSize=32, squeezeExcitation=true,")
        .isEqualTo(tiny().optArchitecture(KnownArchitecture.UNET).build().identity());
  }

  @Test
  void shouldNotGoOnFromATrainingOfAnotherArchitecture() throws Exception {
    // Given
    train(tiny().optMaxSteps(1).build(), new TrainingProgress() {});
    TrainingSettings other = tiny().optMaxSteps(1).optArchitecture(KnownArchitecture.UNET).build();

    // When, Then
    assertThatThrownBy(() -> train(other, new TrainingProgress() {}))
        .isInstanceOf(CheckpointRejectedException.class)
        .hasMessageContaining("is of a training with other settings or data");
  }

  @Test
  void shouldGoOnWhereAKilledTrainingStopped() throws Exception {
    // Given: one training in a piece, another that dies after its first validation.
    TrainingSettings settings = tiny().optMaxSteps(12).optValidateEvery(6).build();
    Trained whole = train(settings, new TrainingProgress() {});
    Path other = folder.resolve("other");
    TrainingProgress dying =
        new TrainingProgress() {
          @Override
          public void onStep(long step, double share, double loss, double rate) {
            if (step == 8) {
              throw new AssertionError("killed");
            }
          }
        };
    assertThatThrownBy(() -> train(other, settings, dying)).hasMessage("killed");
    List<Long> steps = new ArrayList<>();
    TrainingProgress counting =
        new TrainingProgress() {
          @Override
          public void onStep(long step, double share, double loss, double rate) {
            steps.add(step);
          }
        };

    // When
    Trained resumed = train(other, settings, counting);

    // Then
    assertThat(steps).containsExactly(7L, 8L, 9L, 10L, 11L, 12L);
    assertThat(resumed.history()).hasSize(2);
    float[] expected = whole.last().weights().values("decoder.0.conv2.weight");
    float[] found = resumed.last().weights().values("decoder.0.conv2.weight");
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-3f));
    }
  }

  @Test
  void shouldLoseNoStepWhenItIsToldToStop() throws Exception {
    // Given
    TrainingSettings settings = tiny().optMaxSteps(6).optValidateEvery(6).build();
    Path other = folder.resolve("stopped");
    List<Long> steps = new ArrayList<>();
    TrainingProgress stopping =
        new TrainingProgress() {
          @Override
          public void onStep(long step, double share, double loss, double rate) {
            steps.add(step);
            if (step == 2 || step == 4) {
              throw new CancellationException("stopped");
            }
          }
        };
    // When
    assertThatThrownBy(() -> train(other, settings, stopping)).hasMessage("stopped");
    assertThatThrownBy(() -> train(other, settings, stopping)).hasMessage("stopped");
    train(other, settings, stopping);
    // Then
    assertThat(steps).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void shouldStopWhenPatienceIsOut() throws Exception {
    // Given: a rate so low that nothing gets better, once BatchNorm has seen a few crops.
    TrainingSettings settings =
        tiny().optLearningRate(1e-12).optMaxSteps(100).optValidateEvery(2).optPatience(2).build();

    // When
    Trained trained = train(settings, new TrainingProgress() {});

    // Then: the two measurements after the best were no better, and it ended there.
    assertThat(trained.steps()).isLessThan(100);
    ValidationPoint best = trained.history().get(trained.history().size() - 3);
    assertThat(trained.best().metadata().metrics())
        .containsEntry("training.steps", (double) best.step());
    assertThat(trained.steps()).isEqualTo(best.step() + 4);
  }

  @Test
  void shouldLeaveNoArrayBehindInNativeMemory() {
    // Given
    ClinSegNetConfig config = TestWeights.config(4);
    try (TrainingLoop loop =
        new TrainingLoop(
            Network::forTraining,
            TestWeights.random(config, 1),
            spec -> true,
            new HistoLoss(HistoLossSettings.paper()),
            0.01,
            1,
            0.9,
            Compute.cpu())) {
      loop.rehearse(TestWeights.random(config, 2), 0.5);
      int loaded = loop.liveArrays();

      // When
      for (int step = 0; step < 4; step++) {
        SplittableRandom random = new SplittableRandom(step);
        loop.step(
            TrainingBatch.draw(twoTiles, config, 32, AugmentationSettings.standard(), 0.3, random)
                .rehearsing(List.of(0, 2), random),
            1e-3);
      }

      // Then
      assertThat(loop.liveArrays()).isEqualTo(loaded).isPositive();
    }
  }

  @Test
  void shouldStretchDensitiesAroundTheLight() {
    // Given: a network that sees one channel, and crops of the same random numbers but the contrast
    Architecture config =
        TrainingSettings.builder()
            .optInputColour(InputColour.HAEMATOXYLIN)
            .build()
            .network(List.of());
    AugmentationSettings plain = new AugmentationSettings(0, 0, 1, 0, 0, 0, 1, 0, 0);
    AugmentationSettings strong = new AugmentationSettings(0, 0, 1, 0, 0, 0, 2, 0, 0);

    // When
    float[] before = images(config, plain);
    float[] after = images(config, strong);

    // Then: the light stays, nothing is denser than the input can say, the order of pixels stays
    assertThat(after).isNotEqualTo(before);
    for (int i = 0; i < before.length; i++) {
      assertThat(after[i]).isBetween(-1f, 1f);
      if (before[i] == -1) {
        assertThat(after[i]).isEqualTo(-1);
      }
      if (i > 0 && before[i] >= before[i - 1]) {
        assertThat(after[i]).isGreaterThanOrEqualTo(after[i - 1]);
      }
    }
  }

  private float[] images(Architecture config, AugmentationSettings augmentation) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      return TrainingBatch.draw(
              twoTiles.subList(0, 1), config, 32, augmentation, 0, new SplittableRandom(1))
          .images(manager, config)
          .toFloatArray();
    }
  }

  @Test
  void shouldStartFromWhatAnEarlierTrainingLearned() throws Exception {
    // Given: one step that hardly moves.
    Path earlier = folder.resolve("earlier");
    Weights learned =
        train(earlier, tiny().optMaxSteps(6).build(), new TrainingProgress() {}).last().weights();
    TrainingSettings still = tiny().optMaxSteps(1).optLearningRate(1e-9).build();

    // When
    Weights start = startingFrom(earlier, still).last().weights();

    // Then
    float[] expected = learned.values("decoder.0.conv2.weight");
    assertThat(start.values("decoder.0.conv2.weight"))
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(expected);
  }

  @Test
  void shouldNotStartFromATrainingThatMayHaveSeenWhatIsHeldOut() throws Exception {
    // Given
    Path earlier = folder.resolve("earlier");
    train(earlier, tiny().optMaxSteps(1).build(), new TrainingProgress() {});
    Files.write(earlier.resolve(Training.HELD_OUT), List.of("another"));

    // When, then
    assertThatThrownBy(() -> startingFrom(earlier, tiny().optMaxSteps(1).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("other images than this training holds out");
    assertThatThrownBy(() -> startingFrom(folder, tiny().optMaxSteps(1).build()))
        .hasMessageContaining("held-out.txt is missing");
  }

  @Test
  void shouldNotGoOnFromAnotherTraining() throws Exception {
    // Given
    train(tiny().optMaxSteps(1).build(), new TrainingProgress() {});

    // When, Then
    assertThatThrownBy(
            () -> train(tiny().optMaxSteps(1).optSeed(2).build(), new TrainingProgress() {}))
        .isInstanceOf(CheckpointRejectedException.class)
        .hasMessageContaining("is of a training with other settings or data");
  }

  @Test
  void shouldTellDataByTheirPixelsAndNotByTheirFolder() {
    // Given: the same tile in another folder, and with one pixel of its mask changed
    LabelledTile tile = twoTiles.get(0);
    byte[] mask = tile.mask().values().clone();
    mask[0] ^= 1;
    LabelledTile corrected =
        new LabelledTile(
            tile.id(),
            tile.organ(),
            tile.image(),
            Mask.of(tile.mask().width(), tile.mask().height(), mask));

    // When
    String identity = TrainingData.of("here", List.of(tile), "none").identity();

    // Then
    assertThat(TrainingData.of("there", List.of(tile), "none").identity()).isEqualTo(identity);
    assertThat(TrainingData.of("here", List.of(corrected), "none").identity())
        .isNotEqualTo(identity);
  }

  @Test
  void shouldFineTuneDecoderAndConditioningAndNothingElse() {
    // Given
    Checkpoint base =
        new Checkpoint(
            TestWeights.random(TestWeights.config(4), 1),
            new CheckpointMetadata(2, 0.4, "none", "none", Map.of()));
    FineTuningSettings settings =
        FineTuningSettings.builder()
            .optSteps(6)
            .optLearningRate(3e-3)
            .optConditioningRate(9e-2)
            .optKnownShare(1)
            .optBatchSize(2)
            .optCropSize(32)
            .optDistillation(0.3)
            .optTrainNormalisation(true)
            .optAverageDecay(0.5)
            .optSeed(7)
            .build();
    List<LabelledTile> corrections = List.of(tissue.tile("brain", 1, 48));

    // When
    FineTuned tuned =
        FineTuning.run(
            base, corrections, twoTiles, settings, Compute.cpu(), ProgressListener.SILENT);

    // Then
    Checkpoint candidate = tuned.candidate();
    assertThat(candidate.version()).isEqualTo(3);
    assertThat(candidate.modelId()).isEqualTo(base.modelId());
    assertThat(tuned.newOrgans()).containsExactly("brain");
    ParameterCatalogue.of(candidate.config())
        .all()
        .forEach(
            spec -> {
              float[] after = candidate.weights().values(spec.name());
              if (spec.group() == ParameterGroup.ENCODER) {
                assertThat(after)
                    .as(spec.name())
                    .containsExactly(base.weights().values(spec.name()));
              } else if (spec.name().contains(".film.") && spec.name().endsWith(".bias")) {
                // FiLM's biases are the same for every organ.
                assertThat(after)
                    .as(spec.name())
                    .containsExactly(base.weights().values(spec.name()));
              } else if (!spec.name().equals("embedding.weight")) {
                assertThat(after).as(spec.name()).isNotEqualTo(base.weights().values(spec.name()));
              }
            });
    assertThat(candidate.weights().values("embedding.weight"))
        .hasSize(base.weights().values("embedding.weight").length + 32);
  }

  @Test
  void shouldLearnFromCorrectionsAndTellTheNewOrganFromUnknown() {
    // Given: a model that knows nothing, and an organ it has no embedding for.
    Checkpoint base =
        new Checkpoint(
            TestWeights.random(TestWeights.config(8), 1),
            new CheckpointMetadata(0, 0.5, "none", "none", Map.of()));
    List<LabelledTile> corrections = List.of(tissue.tile("brain", 1, 64));
    FineTuningSettings settings =
        FineTuningSettings.builder()
            .optSteps(60)
            .optLearningRate(5e-3)
            .optConditioningRate(0.15)
            .optKnownShare(1)
            .optBatchSize(2)
            .optCropSize(64)
            .optReplayShare(0)
            .optDistillation(0)
            .optTrainNormalisation(true)
            .optStainJitter(0)
            .optAverageDecay(0.8)
            .optSeed(7)
            .build();

    // When
    FineTuned tuned =
        FineTuning.run(
            base, corrections, List.of(), settings, Compute.cpu(), ProgressListener.SILENT);

    // Then
    assertThat(tuned.lastLoss()).isLessThan(0.7 * tuned.firstLoss());
    try (Segmenter segmenter = Segmenter.open(tuned.candidate(), Compute.cpu())) {
      float[] asBrain = segmenter.probabilities(corrections.get(0).image(), "brain");
      float[] asUnknown = segmenter.probabilities(corrections.get(0).image(), "unknown");
      assertThat(asBrain).isNotEqualTo(asUnknown);
    }
  }

  @Test
  void shouldTeachOneOrganWithoutTouchingTheOthers() {
    // Given: a decoder rate of 0, so that only the conditioning of corrected organs learns.
    Checkpoint base =
        new Checkpoint(
            TestWeights.random(TestWeights.config(4), 1),
            new CheckpointMetadata(0, 0.5, "none", "none", Map.of()));
    FineTuningSettings settings =
        FineTuningSettings.builder()
            .optSteps(3)
            .optLearningRate(0)
            .optConditioningRate(1e-1)
            .optKnownShare(1)
            .optBatchSize(2)
            .optCropSize(32)
            .optReplayShare(0)
            .optStainJitter(0)
            .optAverageDecay(0.5)
            .optSeed(7)
            .build();
    LabelledTile correction = tissue.tile("lung", 1, 48);

    // When
    Checkpoint tuned =
        FineTuning.run(
                base,
                List.of(correction),
                List.of(),
                settings,
                Compute.cpu(),
                ProgressListener.SILENT)
            .candidate();

    // Then
    try (Segmenter before = Segmenter.open(base, Compute.cpu());
        Segmenter after = Segmenter.open(tuned, Compute.cpu())) {
      assertThat(after.probabilities(correction.image(), "kidney"))
          .containsExactly(before.probabilities(correction.image(), "kidney"), within(1e-4f));
      assertThat(after.probabilities(correction.image(), "spleen"))
          .containsExactly(before.probabilities(correction.image(), "spleen"), within(1e-4f));
      assertThat(after.probabilities(correction.image(), "lung"))
          .isNotEqualTo(before.probabilities(correction.image(), "lung"));
    }
  }

  @Test
  void shouldForgetLessWhenItRehearses() {
    // Given: a hard push on one organ, with and without rehearsal of the others.
    Checkpoint base =
        new Checkpoint(
            TestWeights.random(TestWeights.config(8), 1),
            new CheckpointMetadata(0, 0.5, "none", "none", Map.of()));
    LabelledTile correction = tissue.tile("brain", 1, 64);

    // When
    double forgetful = drift(base, correction, 0);
    double rehearsed = drift(base, correction, 5);

    // Then
    assertThat(rehearsed).isLessThan(0.7 * forgetful);
  }

  /** Mean change of the probabilities for an organ that was not corrected. */
  private double drift(Checkpoint base, LabelledTile correction, double distillation) {
    FineTuningSettings settings =
        FineTuningSettings.builder()
            .optSteps(25)
            .optLearningRate(3e-3)
            .optConditioningRate(3e-2)
            .optKnownShare(1)
            .optBatchSize(2)
            .optCropSize(64)
            .optReplayShare(0)
            .optDistillation(distillation)
            .optStainJitter(0)
            .optAverageDecay(0.5)
            .optSeed(7)
            .build();
    Checkpoint tuned =
        FineTuning.run(
                base,
                List.of(correction),
                List.of(),
                settings,
                Compute.cpu(),
                ProgressListener.SILENT)
            .candidate();
    LabelledTile other = tissue.tile("kidney", 5, 64);
    try (Segmenter before = Segmenter.open(base, Compute.cpu());
        Segmenter after = Segmenter.open(tuned, Compute.cpu())) {
      float[] was = before.probabilities(other.image(), "kidney");
      float[] is = after.probabilities(other.image(), "kidney");
      double sum = 0;
      for (int i = 0; i < was.length; i++) {
        sum += Math.abs(was[i] - is[i]);
      }
      return sum / was.length;
    }
  }

  @Test
  void shouldFineTuneTheDecoderThatAnotherArchitectureDeclares() {
    // Given
    Checkpoint base = checkpoint(new UNet(4, true, InputColour.RGB));
    FineTuningSettings settings =
        FineTuningSettings.builder().optSteps(4).optBatchSize(2).optCropSize(32).build();

    // When
    FineTuned tuned =
        FineTuning.run(
            base,
            List.of(tissue.tile("brain", 1, 48)),
            List.of(),
            settings,
            Compute.cpu(),
            ProgressListener.SILENT);

    // Then
    assertThat(tuned.candidate().modelId()).isEqualTo(base.modelId());
    assertThat(tuned.newOrgans()).isEmpty();
    for (ParameterSpec spec : base.config().parameters()) {
      float[] before = base.weights().values(spec.name());
      float[] after = tuned.candidate().weights().values(spec.name());
      assertThat(Arrays.equals(after, before))
          .as(spec.name())
          .isEqualTo(spec.group() == ParameterGroup.ENCODER || spec.buffer());
    }
  }

  @Test
  void shouldRefuseToFineTuneWhatDeclaresNoDecoder() {
    // Given
    Checkpoint base = checkpoint(new EncoderOnly());

    // When, Then
    assertThatThrownBy(() -> FineTuning.requireLearning(base))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the model %s can be served but not fine-tuned: EncoderOnly declares no decoder that may"
                    .formatted(base.modelId())
                + " learn");
  }

  private static Checkpoint checkpoint(Architecture architecture) {
    return new Checkpoint(
        Weights.initial(architecture, 1), new CheckpointMetadata(0, 0.5, "none", "none", Map.of()));
  }

  @Test
  void shouldRefuseToFineTuneOnNothing() {
    // Given
    Checkpoint base =
        new Checkpoint(
            TestWeights.random(TestWeights.config(4), 1),
            new CheckpointMetadata(0, 0.5, "none", "none", Map.of()));

    // When, Then
    assertThatThrownBy(
            () ->
                FineTuning.run(
                    base,
                    List.of(),
                    twoTiles,
                    FineTuningSettings.builder().optSteps(1).build(),
                    Compute.cpu(),
                    ProgressListener.SILENT))
        .hasMessage("fine-tuning needs at least one correction");
  }

  private static TrainingSettings.Builder tiny() {
    return TrainingSettings.builder()
        .optWidth(4)
        .optCropSize(64)
        .optBatchSize(2)
        .optWarmupSteps(3)
        .optLearningRate(1e-2)
        .optAverageDecay(0.9)
        .optOrganDropout(0)
        .optValidationShare(0)
        .optValidateEvery(100);
  }

  private Trained train(TrainingSettings settings, TrainingProgress progress) throws Exception {
    return train(folder, settings, progress);
  }

  private Trained train(Path into, TrainingSettings settings, TrainingProgress progress)
      throws Exception {
    return train(into, settings, Optional.empty(), progress);
  }

  private Trained startingFrom(Path earlier, TrainingSettings settings) throws Exception {
    return train(
        folder.resolve("later"), settings, Optional.of(earlier), new TrainingProgress() {});
  }

  private Trained train(
      Path into, TrainingSettings settings, Optional<Path> earlier, TrainingProgress progress)
      throws Exception {
    return Training.run(
        TrainingData.of("synthetic tiles", twoTiles, "none"),
        new PatientSplit(twoTiles, twoTiles),
        settings,
        earlier,
        Compute.cpu(),
        into,
        progress);
  }
}
