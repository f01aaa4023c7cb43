package io.histoflow.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.segmentation.model.unet.UNet;
import io.histoflow.segmentation.thresholds.MaskThreshold;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.weights.testing.TinyModel;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LiveModelTest {
  private static final String ORGAN = "kidney";

  @Test
  void shouldAnswerByTheWeightsThatWerePutInForceLast() {
    // Given
    List<SegmentationInput> tile = List.of(new SegmentationInput(TestTiles.image(1, 32), ORGAN));
    try (LiveModel model = new LiveModel(TinyModel.checkpoint(), LiveModelTest::onCpu)) {
      LiveModel.Batch before = model.segment(tile);
      // When
      model.replace(TinyModel.retrained(3));
      LiveModel.Batch after = model.segment(tile);
      // Then
      assertThat(before.checkpoint().version()).isZero();
      assertThat(after.checkpoint().version()).isEqualTo(3);
      assertThat(model.checkpoint().version()).isEqualTo(3);
      assertThat(after.segmentations().get(0).probabilities())
          .isNotEqualTo(before.segmentations().get(0).probabilities());
    }
  }

  @Test
  void shouldServeAnotherArchitectureAndTheWeightsThatItsDecoderLearned() throws Exception {
    // Given: as read from a file, a tile of odd sides and one that is segmented in parts
    Checkpoint gated =
        new Checkpoint(
            Weights.initial(new UNet(4, true, InputColour.HAEMATOXYLIN), 1),
            new CheckpointMetadata(0, 0.5, "nothing", "none", Map.of()));
    List<SegmentationInput> tiles =
        List.of(
            new SegmentationInput(stripes(75, 41), ORGAN),
            new SegmentationInput(stripes(1_100, 24), ORGAN));
    byte[] decoder = TinyModel.retrained(gated, 1).decoderSafetensors();
    try (LiveModel model =
        new LiveModel(
            Checkpoint.read(new ByteArrayInputStream(gated.toBytes())), LiveModelTest::onCpu)) {
      LiveModel.Batch before = model.segment(tiles);
      // When
      model.replace(model.checkpoint().withDecoder(decoder, 1, 0.5));
      LiveModel.Batch after = model.segment(tiles);
      // Then
      assertThat(before.checkpoint().modelId()).startsWith("attentionunet-w4-");
      assertThat(after.checkpoint().version()).isEqualTo(1);
      for (int i = 0; i < tiles.size(); i++) {
        RgbImage image = tiles.get(i).image();
        assertThat(before.segmentations().get(i).probabilities())
            .hasSize(image.width() * image.height())
            .isNotEqualTo(after.segmentations().get(i).probabilities());
      }
    }
  }

  @Test
  void shouldAnswerEveryBatchWhileWeightsAreReplaced() throws Exception {
    // Given
    List<SegmentationInput> tiles =
        List.of(
            new SegmentationInput(TestTiles.image(1, 32), ORGAN),
            new SegmentationInput(TestTiles.image(2, 32), ORGAN));
    AtomicBoolean done = new AtomicBoolean();
    try (LiveModel model = new LiveModel(TinyModel.checkpoint(), LiveModelTest::onCpu)) {
      // When
      CompletableFuture<Integer> batches =
          CompletableFuture.supplyAsync(
              () -> {
                int count = 0;
                while (!done.get()) {
                  assertThat(model.segment(tiles).segmentations()).hasSize(2);
                  count++;
                }
                return count;
              });
      for (int version = 1; version <= 5; version++) {
        model.replace(TinyModel.retrained(version));
      }
      done.set(true);
      // Then
      assertThat(batches.get(1, TimeUnit.MINUTES)).isPositive();
      assertThat(model.checkpoint().version()).isEqualTo(5);
    }
  }

  @Test
  void shouldKeepTheWeightsInForceWhereOthersFindNothingOrAnswerNonsense() {
    // Given the model that ships, and the same with masks that are always empty
    Checkpoint shipped = Checkpoint.shipped();
    Checkpoint blind =
        new Checkpoint(
            shipped
                .weights()
                .map(
                    (spec, tensor) ->
                        spec.name().equals("head.mask.bias")
                            ? new WeightTensor(tensor.shape(), new float[] {-50})
                            : tensor),
            shipped.metadata().with(1, 0.5));
    try (LiveModel model = new LiveModel(shipped, LiveModelTest::onCpu)) {
      // When / Then
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.replace(blind))
          .withMessageContaining("next to nothing");
      assertThat(model.checkpoint()).isSameAs(shipped);
      // When
      model.replace(shipped.with(2, 0.35));
      // Then
      assertThat(model.checkpoint().version()).isEqualTo(2);
    }
    try (LiveModel model = new LiveModel(TinyModel.checkpoint(), LiveModelTest::onCpu)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.replace(TinyModel.overflowing(1)))
          .withMessageContaining("no probabilities");
    }
  }

  @Test
  void shouldSegmentALargeTileInPartsAndBlendThem() {
    // Given
    int width = 1_100;
    int height = 24;
    RgbImage image = stripes(width, height);
    RgbImage leftPart = image.crop(0, 0, 1_024, height);
    SegmentationInput input = new SegmentationInput(image, "");
    try (LiveModel model = new LiveModel(TinyModel.checkpoint(), LiveModelTest::onCpu);
        Segmenter segmenter = Segmenter.open(TinyModel.checkpoint(), Compute.cpu())) {
      // When
      Segmentation whole = model.segment(List.of(input)).segmentations().get(0);
      // Then what lies outside the overlap is as the part alone
      assertThat(whole.width()).isEqualTo(width);
      assertThat(whole.height()).isEqualTo(height);
      assertThat(whole.conditionedOn()).isEqualTo("unknown");
      float[] left = segmenter.probabilities(leftPart, "");
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < 76; x++) {
          assertThat(whole.probabilities()[y * width + x])
              .isCloseTo(left[y * 1_024 + x], within(1e-5f));
        }
      }
    }
  }

  @Test
  void shouldApplyTheThresholdOfTheOrganToLargeTilesToo() {
    // Given
    MaskThresholds thresholds =
        new MaskThresholds(
            OptionalDouble.empty(),
            MaskThreshold.uncalibrated(0.7),
            Map.of(ORGAN, MaskThreshold.uncalibrated(0.2)));
    RgbImage large = stripes(1_100, 8);
    RgbImage small = stripes(16, 8);
    try (LiveModel model =
        new LiveModel(TinyModel.checkpoint().with(0, thresholds), LiveModelTest::onCpu)) {
      // When
      List<Segmentation> segmentations =
          model
              .segment(
                  List.of(
                      new SegmentationInput(large, ORGAN),
                      new SegmentationInput(large, "spleen"),
                      new SegmentationInput(small, ORGAN),
                      new SegmentationInput(small, "spleen")))
              .segmentations();
      // Then
      assertThat(segmentations)
          .extracting(Segmentation::threshold)
          .containsExactly(0.2, 0.7, 0.2, 0.7);
    }
  }

  @Test
  void shouldSayThatAHealthyNetworkIsSound() {
    try (LiveModel model = new LiveModel(TinyModel.checkpoint(), LiveModelTest::onCpu)) {
      assertThat(model.isSound()).isTrue();
    }
  }

  @Test
  void shouldSayThatABrokenNetworkIsNotSound() {
    // Given
    LiveModel model = new LiveModel(TinyModel.checkpoint(), LiveModelTest::onCpu);
    // When
    model.close();
    // Then
    assertThat(model.isSound()).isFalse();
  }

  private static RgbImage stripes(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 7 * 31);
    }
    return RgbImage.of(width, height, rgb);
  }

  private static Segmenter onCpu(Checkpoint checkpoint) {
    return Segmenter.open(checkpoint, Compute.cpu());
  }
}
