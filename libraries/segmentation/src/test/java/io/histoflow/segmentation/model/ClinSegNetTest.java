package io.histoflow.segmentation.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.NetworkRunner;
import io.histoflow.segmentation.inference.SegmentationInput;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClinSegNetTest {

  private static final int SIDE = 16;

  @ParameterizedTest
  @CsvSource({
    "true, true, true",
    "false, true, true",
    "true, false, true",
    "false, false, false",
  })
  void shouldComputeWhatThePapersFormulasSay(boolean se, boolean film, boolean edge) {
    // Given
    ClinSegNetConfig config =
        new ClinSegNetConfig(
            4, List.of("unknown", "kidney", "lung"), 5, se, film, edge, InputColour.RGB);
    Weights weights = TestWeights.random(config, 3);
    byte[] rgb = new byte[3 * SIDE * SIDE];
    new Random(1).nextBytes(rgb);
    double[][] expected = new ReferenceNetwork(weights).probabilities(image(rgb), 2);

    // When
    float[] blocks = forward(weights, rgb, 2);
    float[] folded;
    try (NetworkRunner runner = new NetworkRunner(weights, Compute.cpu())) {
      folded =
          runner
              .probabilities(List.of(new SegmentationInput(RgbImage.of(SIDE, SIDE, rgb), "lung")))
              .get(0);
    }

    // Then
    for (int i = 0; i < SIDE * SIDE; i++) {
      assertThat((double) blocks[i]).isCloseTo(expected[i / SIDE][i % SIDE], within(5e-6));
      assertThat((double) folded[i]).isCloseTo(expected[i / SIDE][i % SIDE], within(5e-6));
    }
    assertThat(Arrays.stream(expected).flatMapToDouble(Arrays::stream).max().orElseThrow())
        .isGreaterThan(
            Arrays.stream(expected).flatMapToDouble(Arrays::stream).min().orElseThrow() + 1e-3);
  }

  @ParameterizedTest
  @EnumSource(InputColour.class)
  void shouldSeeTheSameColoursInTrainingAndInference(InputColour colour) {
    // Given: a tile of tissue, and another before it in the batch.
    ClinSegNetConfig config =
        new ClinSegNetConfig(4, List.of("unknown", "kidney"), 5, true, true, true, colour);
    Weights weights = TestWeights.random(config, 3);
    SyntheticTissue tissue = new SyntheticTissue(1);
    RgbImage other = tissue.tile("lung", 0, SIDE).image();
    RgbImage image = tissue.tile("kidney", 0, SIDE).image();
    byte[] channels = colour.of(image.rgb());
    double[][][] seen = new double[colour.channels()][SIDE][SIDE];
    for (int i = 0; i < channels.length; i++) {
      int pixel = i / colour.channels();
      seen[i % colour.channels()][pixel / SIDE][pixel % SIDE] = (channels[i] & 0xff) / 127.5 - 1;
    }
    double[][] expected = new ReferenceNetwork(weights).probabilities(seen, 1);

    // When
    float[] blocks = forward(weights, image.rgb(), 1);
    float[] folded;
    try (NetworkRunner runner = new NetworkRunner(weights, Compute.cpu())) {
      folded =
          runner
              .probabilities(
                  List.of(
                      new SegmentationInput(other, "kidney"),
                      new SegmentationInput(image, "kidney")))
              .get(1);
    }

    // Then
    for (int i = 0; i < SIDE * SIDE; i++) {
      assertThat((double) blocks[i]).isCloseTo(expected[i / SIDE][i % SIDE], within(5e-6));
      assertThat((double) folded[i]).isCloseTo(expected[i / SIDE][i % SIDE], within(5e-6));
    }
  }

  @Test
  void shouldHaveSevenStagesOfThePapersWidths() {
    // Given
    ClinSegNetConfig config = ClinSegNetConfig.standard(64, List.of("kidney"));

    // When
    List<Integer> channels = Arrays.stream(StageName.values()).map(config::channels).toList();

    // Then
    assertThat(channels).containsExactly(64, 128, 256, 512, 256, 128, 64);
  }

  @Test
  void shouldGiveBackTheWeightsItLoaded() {
    // Given
    Weights weights = TestWeights.random(TestWeights.config(4), 9);

    // When
    Weights back;
    try (NDManager manager = TensorRuntime.newManager(Device.cpu())) {
      Network network = Network.forTraining(weights, manager);
      back = network.weights();
    }

    // Then
    assertThat(back.tensors()).isEqualTo(weights.tensors());
  }

  @Test
  void shouldGiveEdgesInTrainingOnly() {
    // Given
    Weights weights = TestWeights.random(TestWeights.config(4), 9);
    try (NDManager manager = TensorRuntime.newManager(Device.cpu())) {
      Network network = Network.forTraining(weights, manager);
      NDArray images = manager.zeros(new Shape(2, 3, 8, 16));
      NDArray organs = manager.zeros(new Shape(2, 3));

      // When
      NDList trained = network.forward(images, organs, true);
      NDList inferred = network.forward(images, organs, false);

      // Then
      assertThat(trained).hasSize(2);
      assertThat(trained.get(1).getShape()).isEqualTo(new Shape(2, 1, 8, 16));
      assertThat(inferred).hasSize(1);
      assertThat(inferred.head().getShape()).isEqualTo(new Shape(2, 1, 8, 16));
    }
  }

  @Test
  void shouldRefuseWeightsThatLackATensorByItsName() {
    // Given
    ClinSegNetConfig config = TestWeights.config(4);
    Map<String, WeightTensor> tensors = new TreeMap<>(Weights.initial(config, 1).tensors());
    tensors.remove("encoder.1.bn2.beta");

    // When, Then
    assertThatThrownBy(() -> new Weights(config, tensors))
        .hasMessage("tensor 'encoder.1.bn2.beta' is missing");
  }

  private static float[] forward(Weights weights, byte[] rgb, int organ) {
    try (NDManager manager = TensorRuntime.newManager(Device.cpu())) {
      Network network = Network.forTraining(weights, manager);
      ByteBuffer pixels = ByteBuffer.allocateDirect(rgb.length).put(rgb).rewind();
      NDArray image =
          InputTensor.image(manager, weights.config().inputColour(), pixels, 1, SIDE, SIDE);
      NDArray organs = InputTensor.organs(manager, weights.config(), List.of(organ));
      NDArray logits = network.forward(image, organs, false).head();
      return logits.getNDArrayInternal().sigmoid().toFloatArray();
    }
  }

  private static double[][][] image(byte[] rgb) {
    double[][][] image = new double[3][SIDE][SIDE];
    for (int i = 0; i < rgb.length; i++) {
      image[i % 3][i / 3 / SIDE][i / 3 % SIDE] = (rgb[i] & 0xff) / 127.5 - 1;
    }
    return image;
  }
}
