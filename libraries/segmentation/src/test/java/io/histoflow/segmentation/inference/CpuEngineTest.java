package io.histoflow.segmentation.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.segmentation.model.ReferenceNetwork;
import io.histoflow.segmentation.model.TensorRuntime;
import io.histoflow.segmentation.model.TestWeights;
import io.histoflow.segmentation.model.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuEngineTest {

  private static final int HEIGHT = 24;
  private static final int WIDTH = 16;

  @ParameterizedTest
  @CsvSource({
    "true, true, RGB",
    "true, false, RGB",
    "false, true, HAEMATOXYLIN",
    "false, false, RGB"
  })
  void shouldComputeWhatTheFormulasSay(boolean se, boolean film, InputColour colour) {
    // Given
    Weights weights = weights(se, film, colour);
    ByteBuffer pixels = pixels(3);
    double[][] expected = reference(weights, pixels, 2, 1);

    // When
    float[] all;
    try (CpuEngine engine = new CpuEngine(new FoldedWeights(weights), false, 1)) {
      all = engine.probabilities(pixels, 3, HEIGHT, WIDTH, List.of(0, 1, 1));
    }

    // Then
    assertCloseTo(all, 2, expected, 5e-6);
  }

  @Test
  void shouldStayCloseInBf16() {
    // Given
    assumeBf16();
    Weights weights = weights(true, true, InputColour.RGB);
    ByteBuffer pixels = pixels(1);
    double[][] expected = reference(weights, pixels, 0, 1);

    // When
    float[] all;
    try (CpuEngine engine = new CpuEngine(new FoldedWeights(weights), true, 1)) {
      all = engine.probabilities(pixels, 1, HEIGHT, WIDTH, List.of(1));
    }

    // Then: bf16 keeps 8 bits, so probabilities differ, but hardly.
    assertCloseTo(all, 0, expected, 0.02);
    assertThat(all[0]).isNotEqualTo((float) expected[0][0]);
  }

  @Test
  void shouldGiveEachImageItsOwnResultWhicheverThreadComputesIt() {
    // Given
    FoldedWeights weights = new FoldedWeights(weights(true, true, InputColour.RGB));
    int n = 11;
    ByteBuffer pixels = pixels(n);
    List<Integer> organs = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      organs.add(i % 3);
    }

    // When
    float[] alone;
    float[] together;
    try (CpuEngine one = new CpuEngine(weights, false, 1);
        CpuEngine three = new CpuEngine(weights, false, 3)) {
      alone = one.probabilities(pixels, n, HEIGHT, WIDTH, organs);
      together = three.probabilities(pixels, n, HEIGHT, WIDTH, organs);
    }

    // Then
    for (int i = 0; i < alone.length; i++) {
      assertThat(together[i]).isCloseTo(alone[i], within(1e-6f));
    }
  }

  @Test
  void shouldTellWhichErrorAThreadMet() {
    try (SoloThreads threads = new SoloThreads(2)) {
      assertThatThrownBy(
              () ->
                  threads.forEach(
                      4,
                      i -> {
                        if (i == 3) {
                          throw new IllegalStateException("image 3");
                        }
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("image 3");
    }
  }

  @Test
  void shouldLeaveOtherThreadsAsManyHelpersAsTheyHad() throws Exception {
    // Given
    int before = TensorRuntime.threads();

    // When
    int alone =
        inNewThread(
            () -> {
              TensorRuntime.workAlone();
              return TensorRuntime.threads();
            });

    // Then
    assertThat(alone).isEqualTo(1);
    assertThat(TensorRuntime.threads()).isEqualTo(before);
    assertThat(inNewThread(TensorRuntime::threads)).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"FP32, 5e-6", "FP16, 0.01"})
  void shouldAgreeWithTheEngineForGpus(Precision precision, float error) {
    // Given: that engine, on the CPU.
    FoldedWeights weights = new FoldedWeights(weights(true, true, InputColour.RGB));
    ByteBuffer pixels = pixels(3);
    List<Integer> organs = List.of(2, 0, 1);

    // When
    float[] images;
    float[] batch;
    try (CpuEngine cpu = new CpuEngine(weights, false, 1);
        BatchEngine gpu = new BatchEngine(weights, Device.cpu(), precision)) {
      images = cpu.probabilities(pixels, 3, HEIGHT, WIDTH, organs);
      batch = gpu.probabilities(pixels, 3, HEIGHT, WIDTH, organs);
    }

    // Then
    for (int i = 0; i < images.length; i++) {
      assertThat(batch[i]).isCloseTo(images[i], within(error));
    }
  }

  static void assumeBf16() {
    Assumptions.assumeTrue(
        CpuFeatures.ofThisMachine().multipliesBf16(), "this CPU does not compute in bf16");
  }

  private static Weights weights(boolean se, boolean film, InputColour colour) {
    return TestWeights.random(
        new ClinSegNetConfig(8, List.of("unknown", "kidney", "lung"), 5, se, film, false, colour),
        7);
  }

  private static ByteBuffer pixels(int n) {
    SyntheticTissue tissue = new SyntheticTissue(3);
    ByteBuffer pixels = ByteBuffer.allocateDirect(3 * n * HEIGHT * WIDTH);
    for (int i = 0; i < n; i++) {
      byte[] rgb = tissue.tile("kidney", i, 32).image().rgb();
      pixels.put(rgb, 0, 3 * HEIGHT * WIDTH);
    }
    return pixels.rewind();
  }

  private static double[][] reference(Weights weights, ByteBuffer pixels, int image, int organ) {
    byte[] rgb = new byte[3 * HEIGHT * WIDTH];
    pixels.duplicate().position(image * rgb.length).get(rgb);
    InputColour colour = weights.config().inputColour();
    byte[] values = colour == InputColour.RGB ? rgb : colour.of(rgb);
    int channels = colour.channels();
    double[][][] seen = new double[channels][HEIGHT][WIDTH];
    for (int i = 0; i < values.length; i++) {
      int pixel = i / channels;
      seen[i % channels][pixel / WIDTH][pixel % WIDTH] = (values[i] & 0xff) / 127.5 - 1;
    }
    return new ReferenceNetwork(weights).probabilities(seen, organ);
  }

  private static void assertCloseTo(float[] all, int image, double[][] expected, double error) {
    for (int i = 0; i < HEIGHT * WIDTH; i++) {
      assertThat((double) all[image * HEIGHT * WIDTH + i])
          .isCloseTo(expected[i / WIDTH][i % WIDTH], within(error));
    }
  }

  private static int inNewThread(Callable<Integer> work) throws Exception {
    FutureTask<Integer> task = new FutureTask<>(work);
    Thread thread = new Thread(task);
    thread.start();
    thread.join();
    return task.get();
  }
}
