package io.histoflow.segmentation.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.model.TestWeights;
import io.histoflow.segmentation.thresholds.MaskThreshold;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.segmentation.uncertainty.EntropySummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SegmenterTest {

  private final Checkpoint checkpoint =
      new Checkpoint(
          TestWeights.random(TestWeights.config(8), 1),
          new CheckpointMetadata(4, 0.4, "none", "none", Map.of()));
  private final Segmenter segmenter = Segmenter.open(checkpoint, Compute.cpu());

  @AfterEach
  void close() {
    segmenter.close();
  }

  @Test
  void shouldSegmentTilesOfAnySizeTogether() {
    // Given
    List<SegmentationInput> inputs = new ArrayList<>();
    int[][] sizes = {{1, 1}, {64, 64}, {8, 8}, {63, 60}, {100, 7}, {64, 64}};
    for (int i = 0; i < sizes.length; i++) {
      inputs.add(new SegmentationInput(noise(sizes[i][0], sizes[i][1], i), "kidney"));
    }

    // When
    List<Segmentation> segmentations = segmenter.segment(inputs);

    // Then
    for (int i = 0; i < sizes.length; i++) {
      Segmentation one = segmentations.get(i);
      assertThat(one.width()).isEqualTo(sizes[i][0]);
      assertThat(one.height()).isEqualTo(sizes[i][1]);
      assertThat(one.mask().positivePixels())
          .isEqualTo(Math.round(one.positiveFraction() * sizes[i][0] * sizes[i][1]));
      EntropySummary entropy = one.entropy();
      assertThat(entropy.mean()).isBetween(0.0, 1.0);
      assertThat(entropy.tail()).isBetween(entropy.mean() - 1e-9, 1.0);
      assertThat(one.threshold()).isEqualTo(0.4);
      float[] alone = segmenter.probabilities(inputs.get(i).image(), "kidney");
      for (int p = 0; p < alone.length; p++) {
        assertThat(one.probabilities()[p]).isCloseTo(alone[p], within(1e-5f));
      }
    }
  }

  @Test
  void shouldApplyToEachTileTheThresholdOfItsOrgan() {
    // Given
    MaskThresholds thresholds =
        new MaskThresholds(
            OptionalDouble.empty(),
            MaskThreshold.uncalibrated(0.0),
            Map.of("kidney", MaskThreshold.uncalibrated(1.0)));
    RgbImage tile = noise(16, 16, 1);

    // When
    List<Segmentation> segmentations;
    try (Segmenter calibrated = Segmenter.open(checkpoint.with(4, thresholds), Compute.cpu())) {
      segmentations =
          calibrated.segment(
              List.of(
                  new SegmentationInput(tile, "Kidney"),
                  new SegmentationInput(tile, "lung"),
                  new SegmentationInput(tile, "")));
    }

    // Then
    assertThat(segmentations).extracting(Segmentation::threshold).containsExactly(1.0, 0.0, 0.0);
    assertThat(segmentations)
        .extracting(Segmentation::positiveFraction)
        .containsExactly(0.0, 1.0, 1.0);
  }

  @Test
  void shouldCropAwayWhatItPadded() {
    // Given: 13 x 10 pixels, and the same padded by hand to 16 x 16.
    RgbImage small = noise(13, 10, 3);
    RgbImage padded = small.reflectPad(3, 6);

    // When
    float[] result = segmenter.probabilities(small, "lung");
    float[] whole = segmenter.probabilities(padded, "lung");

    // Then
    for (int y = 0; y < 10; y++) {
      for (int x = 0; x < 13; x++) {
        assertThat(result[y * 13 + x]).isEqualTo(whole[y * 16 + x]);
      }
    }
  }

  @Test
  void shouldSegmentAnOrganItDoesNotKnowAsUnknownAndSaySo() {
    // Given
    RgbImage tile = noise(32, 32, 1);

    // When
    List<Segmentation> segmentations =
        segmenter.segment(
            List.of(
                new SegmentationInput(tile, "spleen"),
                new SegmentationInput(tile, ""),
                new SegmentationInput(tile, "unknown"),
                new SegmentationInput(tile, " Kidney")));

    // Then
    assertThat(segmentations)
        .extracting(Segmentation::conditionedOn)
        .containsExactly("unknown", "unknown", "unknown", "kidney");
    assertThat(segmentations.get(0).probabilities())
        .containsExactly(segmentations.get(2).probabilities())
        .isNotEqualTo(segmentations.get(3).probabilities());
  }

  @Test
  void shouldSegmentFromSeveralThreadsAtATime() throws Exception {
    // Given
    RgbImage tile = noise(48, 48, 5);
    float[] expected = segmenter.probabilities(tile, "lung");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      // When
      List<Future<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        results.add(threads.submit(() -> segmenter.probabilities(tile, "lung")));
      }

      // Then
      for (Future<float[]> result : results) {
        assertThat(result.get()).containsExactly(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void shouldSayThatItWasClosed() {
    // Given
    Segmenter closed = Segmenter.open(checkpoint, Compute.cpu());
    closed.close();
    closed.close();

    // When, Then
    assertThatThrownBy(() -> closed.probabilities(noise(8, 8, 1), "lung"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("was closed");
  }

  @Test
  void shouldNotGrowOverManyBatches() throws IOException {
    // Given
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "memory is read from /proc");
    List<SegmentationInput> inputs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      inputs.add(new SegmentationInput(noise(64, 64, i), "kidney"));
    }
    for (int i = 0; i < 20; i++) {
      segmenter.segment(inputs);
    }
    System.gc();
    long before = residentKilobytes();

    // When: one batch of feature maps that stayed alive would be some 5 MB.
    for (int i = 0; i < 100; i++) {
      segmenter.segment(inputs);
    }

    // Then
    System.gc();
    assertThat(residentKilobytes() - before).isLessThan(150_000);
  }

  @Test
  void shouldLeaveNoArrayBehindInNativeMemory() {
    // Given
    try (NetworkRunner runner = new NetworkRunner(checkpoint.weights(), Compute.cpu())) {
      int loaded = runner.liveArrays();

      // When
      runner.probabilities(
          List.of(
              new SegmentationInput(noise(32, 32, 1), "kidney"),
              new SegmentationInput(noise(17, 9, 2), "lung")));

      // Then
      assertThat(runner.liveArrays()).isEqualTo(loaded).isPositive();
    }
  }

  @Test
  void shouldRefuseADeviceItDoesNotKnow() {
    assertThatThrownBy(() -> Compute.parse("tpu"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("device 'tpu' is not known: use auto, cpu or gpu");
    assertThat(Compute.parse("CPU")).isEqualTo(Compute.cpu());
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static RgbImage noise(int width, int height, long seed) {
    byte[] rgb = new byte[3 * width * height];
    new Random(seed).nextBytes(rgb);
    return RgbImage.of(width, height, rgb);
  }
}
